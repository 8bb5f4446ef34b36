import type { LanguageCode } from '../../core/i18n/message';

export interface ImportColumn {
  readonly field:
    | 'familyName'
    | 'givenName'
    | 'displayName'
    | 'externalId'
    | 'mobile'
    | 'landline'
    | 'email'
    | 'site'
    | 'groups'
    | 'jobTitle'
    | 'functions'
    | 'language';
  readonly fr: string;
  readonly en: string;
}

/** The headings to write, first in a file that we would make ourselves. The server knows more words for each. */
export const importColumns: readonly ImportColumn[] = [
  { field: 'familyName', fr: 'Nom', en: 'Last name' },
  { field: 'givenName', fr: 'Prénom', en: 'First name' },
  { field: 'displayName', fr: 'Nom affiché', en: 'Display name' },
  { field: 'externalId', fr: 'Matricule', en: 'Employee number' },
  { field: 'mobile', fr: 'Mobile', en: 'Mobile phone' },
  { field: 'landline', fr: 'Fixe', en: 'Landline' },
  { field: 'email', fr: 'Courriel', en: 'Email' },
  { field: 'site', fr: 'Site', en: 'Site' },
  { field: 'groups', fr: 'Groupes', en: 'Groups' },
  { field: 'jobTitle', fr: 'Fonction', en: 'Job title' },
  { field: 'functions', fr: 'Fonctions de crise', en: 'Crisis functions' },
  { field: 'language', fr: 'Langue', en: 'Language' },
];

// Numbers set aside for fiction, so that nobody is called by an example.
const examples: Readonly<Record<LanguageCode, readonly (readonly string[])[]>> = {
  fr: [
    [
      'Lefèvre',
      'Agnès',
      '',
      'A1024',
      '06 39 98 01 02',
      '',
      'agnes.lefevre@hopital.example',
      'Site principal',
      'Urgences|Cellule de crise',
      'Infirmière',
      '',
      'fr',
    ],
    [
      'Haddad',
      'Driss',
      '',
      'A1025',
      '06 39 98 01 03',
      '02 61 91 01 03',
      'driss.haddad@hopital.example',
      'Site principal',
      'Technique',
      'Technicien',
      '',
      'fr',
    ],
    [
      'Fontaine',
      'Claire',
      '',
      'A1026',
      '06 39 98 01 04',
      '',
      'claire.fontaine@hopital.example',
      'Annexe',
      'Direction',
      'Directrice',
      'Directrice de crise',
      'fr',
    ],
  ],
  en: [
    ['Carter', 'Alice', '', 'A1024', '+44 7700 900102', '', 'alice.carter@hospital.example', 'Main site', 'Emergency|Crisis team', 'Nurse', '', 'en'],
    [
      'Hughes',
      'David',
      '',
      'A1025',
      '+44 7700 900103',
      '+44 20 7946 0103',
      'david.hughes@hospital.example',
      'Main site',
      'Estates',
      'Technician',
      '',
      'en',
    ],
    [
      'Foster',
      'Claire',
      '',
      'A1026',
      '+44 7700 900104',
      '',
      'claire.foster@hospital.example',
      'Annex',
      'Management',
      'Director',
      'Crisis director',
      'en',
    ],
  ],
};

/** A small file to begin from, as spreadsheets of each language open it without a question: with its mark of UTF-8, and its own delimiter. */
export function exampleCsv(language: LanguageCode): string {
  const delimiter = language === 'fr' ? ';' : ',';
  const lines = [importColumns.map((column) => column[language]), ...examples[language]];
  return `\ufeff${lines.map((cells) => cells.join(delimiter)).join('\r\n')}\r\n`;
}
