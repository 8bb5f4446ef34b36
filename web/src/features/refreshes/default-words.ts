/** What a campaign says where nobody changes it: in both languages at once, whichever the page is in, because each person gets it in their own. */
export const defaultWords = {
  title: { fr: 'Confirmez vos coordonnées', en: 'Confirm your contact details' },
  body: {
    fr: 'En cas de crise, nous devons pouvoir vous joindre. Ouvrez votre lien personnel : un appui suffit si tout est juste.',
    en: 'In a crisis we must be able to reach you. Open your personal link: one tap is enough if all is right.',
  },
} as const;
