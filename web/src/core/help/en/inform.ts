import type { HelpOf } from '../topics';

export const informHelp: HelpOf<'inform'> = {
  bulletins: {
    title: 'Bulletins',
    purpose: 'What the organisation tells everybody, and what you missed.',
    steps: ['Read what is “Current”.', 'Then “What you missed”, in order.', 'You communicate? Go to “Communication cell” to write and approve.'],
    heed: ['Do not trust a copy: the text may have been corrected since.'],
  },
  bulletin: {
    title: 'A bulletin',
    purpose: 'Read a bulletin and ask a question.',
    steps: ['Read the time, then the text.', 'A question? “Ask a question”: the answer comes here.'],
    heed: ['“What changes” shows the correction. “Ended” means: holds no more.'],
  },
  'bulletin-edit': {
    title: 'Writing a bulletin',
    purpose: 'Prepare one text for staff, partners and the public.',
    steps: ['Write briefly: what is happening, what to do, when more will come.', 'Choose “Who gets it”.', 'Save it, then ask for two approvals.'],
    heed: [
      'The draft is not encrypted end to end. Do not put in it what must not get out.',
      'The smallest edit makes a new version, to be approved again.',
    ],
  },
  'bulletin-desk': {
    title: 'Follow-up of a bulletin',
    purpose: 'Approve, publish, answer questions, correct, end.',
    steps: [
      'Read all of it, then “Approve this version”. It takes two people who did not write it.',
      'Publish to those who are shown.',
      'Answer the “Questions from staff”.',
    ],
    heed: ['What is published to the public can not be taken back: correct it, or “End this bulletin”.'],
  },
  'bulletin-partners': {
    title: 'Partners',
    purpose: 'The addresses that get the bulletins meant for partners.',
    steps: ['Write one partner a line.', 'Read the addresses again, then save.'],
    heed: ['A wrong address tells nobody: run an exercise.'],
  },
  'public-page': {
    title: 'Public page',
    purpose: 'What everybody can read without an account.',
    steps: ['Say how the organisation is, what to do and whom to call.', 'Look at the “Preview” in French and in English.', 'Press “Publish”.'],
    heed: ['Everybody sees it at once. Exercises show there only if you choose so.'],
    more: ['Your server is cut off from the public? “Download the page (ZIP)” and put these files on any web host.'],
  },
};
