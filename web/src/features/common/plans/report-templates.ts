/** What a situation report begins from where no plan says otherwise. What stands between braces is filled in from the crisis each time. */
export const reportTemplates = {
  fr: `# Point de situation n° {{numéro du point}} – {{date et heure}}
## En bref
Gravité : {{gravité}}. État : {{état de la crise}}.
## Faits depuis le dernier point
{{faits}}
## Personnes : blessés, évacués, en attente
## Activité : ce qui marche, dégradé, arrêté
## Technique : atteint, sain, inconnu
## Décisions prises
{{décisions}}
## Décisions attendues, de qui, pour quand
## Tâches en retard
{{tâches en retard}}
## Tâches ouvertes
{{tâches ouvertes}}
## Communication faite, prévue
## Moyens et relèves
## Prochain point
{{heure suivante}}`,
  en: `# Situation report no. {{report number}} – {{date and time}}
## In brief
Severity: {{severity}}. Status: {{crisis status}}.
## Facts since the last report
{{facts}}
## People: injured, evacuated, waiting
## Activity: running, degraded, stopped
## Technical: affected, clean, unknown
## Decisions taken
{{decisions}}
## Decisions awaited, from whom, by when
## Overdue tasks
{{overdue tasks}}
## Open tasks
{{open tasks}}
## Communication done, planned
## Means and relief
## Next report
{{next time}}`,
} as const;
