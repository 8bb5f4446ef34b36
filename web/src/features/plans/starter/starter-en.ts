import { reportTemplates } from '../../common/plans/report-templates';
import type { StarterCell, StarterSet } from './starter-set';

const strategic = (tasks: StarterCell['tasks']): StarterCell => ({
  kind: 'strategic',
  name: 'Strategic cell',
  functions: ['Crisis director', 'Chief executive', 'General counsel'],
  cards: ['director'],
  tasks: [
    [0, '!Open the log and name who keeps it'],
    ...tasks,
    [60, 'Set the time of the first situation report, then a rhythm (hourly to begin with)'],
  ],
});
const operational = (tasks: StarterCell['tasks'], cards: readonly string[] = []): StarterCell => ({
  kind: 'operational',
  name: 'Operational cell',
  functions: ['Head of operations', 'Duty manager'],
  cards,
  tasks,
});
const technical = (tasks: StarterCell['tasks'], cards: readonly string[]): StarterCell => ({
  kind: 'technical',
  name: 'Technical cell',
  functions: ['CISO', 'CIO', 'IT on call'],
  cards,
  tasks,
});
const communication = (tasks: StarterCell['tasks']): StarterCell => ({
  kind: 'communication',
  name: 'Communication cell',
  functions: ['Head of communication'],
  cards: ['communication'],
  tasks,
});

/** Plans and cards to start from, to be adapted. */
export const starterEn: StarterSet = {
  cards: {
    director: {
      title: 'Crisis director: the first hour',
      text: `**You decide, you do not carry out.** One person keeps the log, another makes the calls.

## In the first 15 minutes
- [ ] Say aloud what is known, what is assumed, what is unknown
- [ ] Gather the cells in {{crisis room}} or by Tocsin video
- [ ] Check that each function has a holder and a deputy who can be reached
- [ ] Set the aim of the next two hours, in one sentence

## Within the hour
- [ ] Bring people to safety: patients, citizens, staff
- [ ] Decide what goes on, what stops, what runs degraded
- [ ] Call the supervising authority: {{health authority, prefecture or ministry}}
- [ ] Approve the first message to staff, even if incomplete
- [ ] Plan relief: nobody beyond 8 hours

## Decisions to take, and to time
- Severity, and whether the continuity plan is activated
- Who speaks for the organisation
- Complaint to the police and notices to authorities

> Do not wait to understand everything before you alert.
> Do not treat two subjects at once in a meeting.
> Do not decide anything without entering it in the log.`,
    },
    ransomware: {
      title: 'Ransomware: isolate without destroying',
      text: `## At once
- [ ] Unplug affected machines from the network, cable and Wi-Fi, **without switching them off**
- [ ] Cut Internet access and VPN links, third parties included
- [ ] Isolate backups: unplug, remove write access, check the last offline copy
- [ ] Block administrator accounts, open new ones from a clean machine
- [ ] Stop using the usual mail and directory: everything goes through Tocsin

## Within the hour
- [ ] Photograph the ransom note, write down the time and the machine
- [ ] List what is affected, what is clean, what is unknown
- [ ] Call the response team: {{national or regional CSIRT}}
- [ ] Call the incident response provider: {{provider and contract number}}
- [ ] Tell the insurer: {{insurer and policy number}}
- [ ] Keep the logs of firewalls, directory and monitoring

> Do not pay, do not answer the attacker, do not visit their site.
> Do not switch off or reinstall: memory is evidence, and sometimes holds a key.
> Do not restore anything before you know how they came in.

## Authorities
- Police complaint, within the time that your insurance asks for
- Data protection authority: within 72 h where personal data are affected
- NIS 2: early warning within 24 h, notification within 72 h`,
    },
    ddos: {
      title: 'Denial of service: keep the service up',
      text: `## Within a quarter of an hour
- [ ] Confirm: attack, fault, or real demand (enrolment opening, news)
- [ ] Note targets, rates, ports, origin, time it began
- [ ] Call the carrier and ask for filtering: {{carrier and on-call number}}
- [ ] Switch on the protection in the contract and the static holding page

## Within the hour
- [ ] Move what is vital out of the attacked path: clinicians’ VPN, telephony, emergency portal
- [ ] Look for what the attack hides: unusual sign-ins, exfiltration, new accounts
- [ ] Give the public the other way: counter, telephone {{number}}
- [ ] Keep the logs and any demand for money

> Do not restart in circles: it helps the attacker.
> Do not block whole countries without knowing who works for us there.
> Do not answer threats or claims.`,
    },
    leak: {
      title: 'Data leak: establish and notify',
      text: `## Within the hour
- [ ] Stop the leak: withdraw access, revoke keys and passwords, close the share
- [ ] Keep the evidence: dated screenshot, address, logs, **before** asking for removal
- [ ] Tell the data protection officer: {{DPO}}
- [ ] Establish what, who, how many: kind of data, people, volume, encrypted or not
- [ ] Write down the time of discovery: the 72 h run from it

## Decisions to take
- [ ] Notify the data protection authority within 72 h, complete it later
- [ ] Inform people where the risk is high: health, identity, bank, children, protected addresses
- [ ] Complain to the police

> Do not download the published data to check: ask the response team.
> Do not announce a number before it is cross-checked.
> Do not accuse a member of staff or a supplier.`,
    },
    outage: {
      title: 'Network and telephones down: work without',
      text: `## Within a quarter of an hour
- [ ] Alert by Tocsin and by radio, then by runner to each service
- [ ] Hand out spare mobiles and the paper list of numbers: {{place of the crisis cupboard}}
- [ ] Check that emergency services can reach us: 112, fallback number {{number}}
- [ ] Name a runner for each building

## Within the hour
- [ ] Go over to paper records and prescriptions, write down the time
- [ ] Call the carrier, get a ticket number and a time of restoration
- [ ] Check what hangs on the network: nurse calls, fire detection, lifts, doors, badges, monitors
- [ ] Post a person wherever an automatic call no longer leaves

> Do not assume that alarms work: try them.
> Do not saturate mobiles: short messages, no courtesy calls.
> Do not type records in again before the return to normal is announced.`,
    },
    building: {
      title: 'Loss of a building: evacuate, count, rehouse',
      text: `## At once
- [ ] Evacuate or shelter, depending on the cause; call 112
- [ ] Count at the assembly point {{place}}, report the missing to the fire service
- [ ] Hand over floor plans, the list of dangerous substances and of people with reduced mobility
- [ ] Cut gas and electricity if the fire service asks for it

## Within the hour
- [ ] Move those in our care to {{fallback site}}, with their records and medicines
- [ ] Call the next shift before they set out
- [ ] Protect what is left: servers, archives, pharmacy, cash offices
- [ ] Tell the insurer before any cleaning

> Let nobody go back for their belongings.
> Do not name the cause before the investigators do.
> Do not forget contractors and visitors when counting.`,
    },
    supplier: {
      title: 'Supplier failure: protect yourself and replace',
      text: `## Within the hour
- [ ] Reach the on-call desk of {{supplier}}: what happened, since when, until when
- [ ] If they are under attack: cut their access, links, accounts and updates here
- [ ] Change the passwords and keys that they hold
- [ ] List the services that depend on them and how long each can hold out
- [ ] Go over to paper or to the fallback supplier {{fallback supplier}}

## Decisions to take
- [ ] Restore the link: only upon written assurance, and after a check
- [ ] Tell the authorities if an essential service is affected
- [ ] Record times for penalties and insurance

> Do not reopen the link because “all is back”.
> Do not empty the stocks in a hurry without a decision between services.`,
    },
    communication: {
      title: 'Communication: the first message',
      text: `## Within 30 minutes
- [ ] One message to staff: what is happening, what to do, when more will come
- [ ] One sentence for reception and switchboard
- [ ] One spokesperson, only one: {{spokesperson}}
- [ ] Social media accounts checked, passwords changed

## Model
Since {{time}}, {{what is affected}} is disrupted. Our teams are at work and people are safe. **What to do:** {{instruction}}. Next information at {{next time}}.

- [ ] Have it approved by two people, publish the same text everywhere
- [ ] Keep the time announced, even to say that nothing has changed
- [ ] Gather questions and rumours, answer them in the next message

> Do not speculate on author, duration or number.
> Do not write “no data has leaked” before you know.
> Do not use the usual mail where the attacker may read it.`,
    },
  },
  plans: [
    {
      title: 'Ransomware',
      text: `Files become unreadable, a ransom note appears, services stop for no reason.

**Aim of the first hour:** stop the spread, protect the backups, run the essential without IT.

> The attacker may read mail and listen to calls: the crisis is spoken of in Tocsin only.`,
      cells: [
        strategic([
          [15, '!Decide to cut the Internet and the links to third parties'],
          [45, 'Call the supervising authority: {{health authority, prefecture or ministry}}'],
          [60, 'Settle the stance on the ransom: do not pay, do not negotiate'],
          [240, 'Police complaint; NIS 2 early warning (24 h), data protection authority (72 h)'],
        ]),
        operational([
          [15, '!Go over to paper: care, civil registry, payroll, dispatch'],
          [30, 'Divert what cannot be assured: emergencies, planned surgery, counters'],
          [60, 'List by service what is missing to hold out 24 hours'],
        ]),
        technical(
          [
            [0, '!Isolate the network without switching machines off'],
            [15, '!Put the backups out of reach and check the last clean copy'],
            [30, 'Call the response team and the incident response provider'],
            [60, 'Draw the map: affected, clean, unknown'],
          ],
          ['ransomware'],
        ),
        communication([
          [15, '!Tell staff: switch on no machine, plug nothing in'],
          [60, 'First message to the public and to partners'],
        ]),
      ],
    },
    {
      title: 'Denial of service (DDoS)',
      text: `Sites and remote access slow or out of reach under a flood of requests. Often political, sometimes a decoy.

**Aim of the first hour:** have the carrier filter, keep vital services within reach, look for what the attack hides.`,
      cells: [
        strategic([
          [30, 'Say which services must stay within reach, in order'],
          [60, 'Decide whether to close exposed services on purpose'],
        ]),
        operational([
          [30, 'Open the other ways: counter, telephone, more people at reception'],
          [60, 'Inform teams that work remotely'],
        ]),
        technical(
          [
            [0, '!Confirm the attack and call the carrier: {{carrier and on-call number}}'],
            [15, 'Switch on filtering and the holding page'],
            [60, 'Look for an intrusion under cover of the attack'],
          ],
          ['ddos'],
        ),
        communication([
          [15, 'Public page: service disrupted, other ways'],
          [60, 'Do not pass on the claim; standard answer for the press'],
        ]),
      ],
    },
    {
      title: 'Data leak',
      text: `Data of patients, staff or citizens are out, or somebody says so.

**Aim of the first hour:** stop it, keep the evidence, know who is in danger. The 72 h run from the discovery.`,
      cells: [
        strategic([
          [30, '!Enter the time of discovery in the log'],
          [60, 'With the DPO and counsel: the risk to people, and whom to inform'],
          [1440, 'Notify the data protection authority, even if incomplete'],
        ]),
        operational([
          [60, 'Find those in immediate danger: protected addresses, children, victims'],
          [120, 'Prepare to take calls: number, hours, answers'],
        ]),
        technical(
          [
            [0, '!Stop the leak and revoke access'],
            [30, 'Keep logs and copies before anything is removed'],
            [120, 'Establish volume, kind and period of the data'],
          ],
          ['leak'],
        ),
        communication([
          [60, 'Prepare the letter to those concerned: what got out, the risks, what to do'],
          [120, 'Message to staff and lines for the press'],
        ]),
      ],
    },
    {
      title: 'Network and telephone outage',
      text: `No Internet, no internal network, no telephone: by a fault, works or an attack.

**Aim of the first hour:** emergency services and teams can reach each other, and nothing vital hangs on a silent alarm.`,
      cells: [
        strategic([
          [15, '!Decide to run degraded and tell everybody'],
          [45, 'Give ambulance, fire service and prefecture the fallback number {{number}}'],
        ]),
        operational(
          [
            [0, '!Check nurse calls, fire alarms, lifts; post watchers'],
            [15, 'Hand out radios, mobiles and paper directories'],
            [30, 'Organise runners, one round an hour'],
          ],
          ['outage'],
        ),
        technical(
          [
            [0, '!Place the fault: ours, the carrier’s, electrical, malicious'],
            [15, 'Open a priority ticket, ask for a time of restoration'],
            [60, 'Go over to the backup link: 4G, satellite, radio link'],
          ],
          ['outage'],
        ),
        communication([
          [30, 'Posters at the entrances and announcements'],
          [60, 'Give the fallback number by local radio and the town hall'],
        ]),
      ],
    },
    {
      title: 'Loss of a building',
      text: `Fire, flood, collapse, contamination, no access: {{building}} can no longer be used.

**Aim of the first hour:** everybody out and counted, those in our care rehoused, vital activity elsewhere.`,
      cells: [
        strategic([
          [15, '!Name one contact with the incident commander of the rescue services'],
          [60, 'Choose the fallback site and what resumes there first: {{fallback site}}'],
        ]),
        operational(
          [
            [0, '!Evacuate, count, report the missing'],
            [30, 'Move those in our care, with their records'],
            [60, 'Contact families, open a reception point'],
          ],
          ['building'],
        ),
        technical(
          [
            [15, 'Say what stops with the building: server room, medical gases, switchboard'],
            [60, 'Equip the fallback site: network, machines, telephony'],
          ],
          [],
        ),
        communication([
          [15, '!Alert staff: do not come, where to report'],
          [60, 'Message to the public: services closed, where to go'],
        ]),
      ],
    },
    {
      title: 'Supplier failure',
      text: `A supplier on whom the activity depends ({{supplier}}) is under attack, down or no longer delivers.

**Aim of the first hour:** cut the links if they are under attack, know how long we can hold out, go over to the replacement.`,
      cells: [
        strategic([
          [30, '!Decide to cut the links to the supplier'],
          [60, 'Decide between services where the resource runs short'],
          [240, 'Assess NIS 2 or DORA duties and what the contract gives'],
        ]),
        operational([
          [30, 'Count stocks and autonomy, service by service'],
          [60, 'Go over to the replacement: paper, other supplier, loan between sites'],
        ]),
        technical(
          [
            [0, '!Cut the supplier’s access and change the secrets that they hold'],
            [60, 'Look here for traces of what hit them'],
          ],
          ['supplier'],
        ),
        communication([
          [60, 'Tell the services affected: what, until when, what to do'],
          [120, 'Agree with the supplier on what is said'],
        ]),
      ],
    },
  ],
  report: reportTemplates.en,
};
