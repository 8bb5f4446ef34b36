import { reportTemplates } from '../../common/plans/report-templates';
import type { StarterCell, StarterSet } from './starter-set';

const strategic = (tasks: StarterCell['tasks'], cards: readonly string[] = []): StarterCell => ({
  kind: 'strategic',
  name: 'Cellule stratégique',
  functions: ['Directeur de crise', 'Direction générale', 'Directeur juridique'],
  cards: ['director', ...cards],
  tasks: [
    [0, '!Ouvrir la main courante et nommer qui la tient'],
    ...tasks,
    [60, 'Fixer l’heure du premier point de situation, puis un rythme (toutes les heures au début)'],
  ],
});
const operational = (tasks: StarterCell['tasks'], cards: readonly string[] = []): StarterCell => ({
  kind: 'operational',
  name: 'Cellule opérationnelle',
  functions: ['Responsable des opérations', 'Cadre d’astreinte'],
  cards,
  tasks,
});
const technical = (tasks: StarterCell['tasks'], cards: readonly string[]): StarterCell => ({
  kind: 'technical',
  name: 'Cellule technique',
  functions: ['RSSI', 'DSI', 'Astreinte informatique'],
  cards,
  tasks,
});
const communication = (tasks: StarterCell['tasks']): StarterCell => ({
  kind: 'communication',
  name: 'Cellule communication',
  functions: ['Responsable de la communication'],
  cards: ['communication'],
  tasks,
});

/** Plans et fiches de départ, à adapter. */
export const starterFr: StarterSet = {
  cards: {
    director: {
      title: 'Directeur de crise : la première heure',
      text: `**Vous décidez, vous n’exécutez pas.** Une personne tient la main courante, une autre anime les appels.

## Dans les 15 premières minutes
- [ ] Dire à voix haute ce qui est su, ce qui est supposé, ce qui est inconnu
- [ ] Réunir les cellules dans {{salle de crise}} ou en visio Tocsin
- [ ] Vérifier que chaque fonction a un titulaire et un suppléant joignables
- [ ] Fixer l’objectif des deux prochaines heures, en une phrase

## Dans l’heure
- [ ] Mettre à l’abri les personnes : patients, usagers, agents
- [ ] Décider ce qui continue, ce qui s’arrête, ce qui passe en mode dégradé
- [ ] Appeler la tutelle : {{préfecture, ARS ou ministère}}
- [ ] Valider le premier message au personnel, même incomplet
- [ ] Programmer la relève : personne au-delà de 8 heures

## Décisions à prendre et à dater
- Niveau de gravité et activation du plan de continuité
- Qui parle au nom de l’organisation
- Dépôt de plainte et déclarations aux autorités

> Ne pas attendre d’avoir tout compris pour alerter.
> Ne pas traiter deux sujets à la fois en réunion.
> Ne rien décider sans l’inscrire à la main courante.`,
    },
    ransomware: {
      title: 'Rançongiciel : isoler sans détruire',
      text: `## Tout de suite
- [ ] Débrancher du réseau les postes atteints, câble et Wi-Fi, **sans les éteindre**
- [ ] Couper l’accès Internet et les liaisons VPN, tiers compris
- [ ] Isoler les sauvegardes : débrancher, retirer les droits d’écriture, vérifier la dernière copie hors ligne
- [ ] Bloquer les comptes d’administration, en ouvrir de nouveaux depuis un poste sain
- [ ] Cesser d’utiliser la messagerie et l’annuaire habituels : tout passe par Tocsin

## Dans l’heure
- [ ] Photographier la demande de rançon, noter l’heure et le poste
- [ ] Lister ce qui est atteint, ce qui est sain, ce qui est inconnu
- [ ] Appeler le CERT : {{CERT Santé, CSIRT régional ou CERT-FR}}
- [ ] Appeler le prestataire de réponse à incident : {{prestataire et numéro de contrat}}
- [ ] Prévenir l’assureur : {{assureur et numéro de police}}
- [ ] Conserver journaux des pare-feux, de l’annuaire et de la supervision

> Ne pas payer, ne pas répondre à l’attaquant, ne pas se connecter à son site.
> Ne pas éteindre ni réinstaller : la mémoire vive est une preuve, parfois une clé.
> Ne rien restaurer avant de savoir par où ils sont entrés.

## Autorités
- Plainte : police ou gendarmerie, sous 72 h pour rester couvert par l’assurance
- CNIL : sous 72 h si des données personnelles sont touchées
- NIS 2 : alerte précoce sous 24 h, notification sous 72 h`,
    },
    ddos: {
      title: 'Déni de service : tenir le service',
      text: `## Dans le quart d’heure
- [ ] Confirmer : attaque, panne, ou affluence réelle (ouverture d’inscriptions, actualité)
- [ ] Relever cibles, débits, ports, origine, heure de début
- [ ] Appeler l’opérateur et demander le filtrage : {{opérateur et numéro d’astreinte}}
- [ ] Activer la protection prévue au contrat et la page d’attente statique

## Dans l’heure
- [ ] Sortir du flux attaqué ce qui est vital : VPN des soignants, téléphonie, portail des urgences
- [ ] Chercher ce que l’attaque cache : connexions inhabituelles, exfiltration, comptes créés
- [ ] Donner au public l’autre voie : guichet, téléphone {{numéro}}
- [ ] Garder les journaux et toute demande de rançon

> Ne pas redémarrer en boucle : cela aide l’attaquant.
> Ne pas bloquer des pays entiers sans savoir qui y travaille pour nous.
> Ne pas répondre à une menace ni revendication.`,
    },
    leak: {
      title: 'Fuite de données : constater et notifier',
      text: `## Dans l’heure
- [ ] Faire cesser la fuite : retirer l’accès, révoquer clés et mots de passe, fermer le partage
- [ ] Conserver la preuve : copie d’écran datée, adresse, journaux, **avant** de faire retirer
- [ ] Prévenir le délégué à la protection des données : {{DPO}}
- [ ] Établir quoi, qui, combien : nature des données, personnes concernées, volume, chiffrées ou non
- [ ] Noter l’heure de découverte : le délai de 72 h court à partir d’elle

## Décisions à prendre
- [ ] Notifier à la CNIL sous 72 h, en complétant plus tard ce qui manque
- [ ] Informer les personnes si le risque est élevé : santé, identité, banque, mineurs, adresses protégées
- [ ] Déposer plainte

> Ne pas télécharger les données publiées pour vérifier : demander au CERT.
> Ne pas annoncer un nombre avant de l’avoir recoupé.
> Ne pas accuser un agent ou un prestataire.`,
    },
    outage: {
      title: 'Réseau et téléphone coupés : travailler sans',
      text: `## Dans le quart d’heure
- [ ] Alerter par Tocsin et par radio, puis par estafette dans chaque service
- [ ] Distribuer les téléphones mobiles de secours et la liste papier des numéros : {{lieu de l’armoire de crise}}
- [ ] Vérifier que les secours peuvent nous joindre : 15, 17, 18, 112, numéro de repli {{numéro}}
- [ ] Nommer un coursier par bâtiment

## Dans l’heure
- [ ] Passer aux dossiers et ordonnances papier, noter l’heure de bascule
- [ ] Appeler l’opérateur, obtenir un numéro de ticket et une heure de rétablissement
- [ ] Contrôler ce qui dépend du réseau : appels malades, détection incendie, ascenseurs, portes, badges, monitorage
- [ ] Placer une personne là où un appel automatique ne part plus

> Ne pas supposer que les alarmes fonctionnent : les essayer.
> Ne pas saturer les mobiles : messages courts, pas d’appels de confort.
> Ne pas ressaisir avant l’annonce du retour à la normale.`,
    },
    building: {
      title: 'Perte d’un bâtiment : évacuer, compter, reloger',
      text: `## Tout de suite
- [ ] Évacuer ou confiner selon la cause, appeler le 18 ou le 112
- [ ] Compter au point de rassemblement {{lieu}}, signaler les absents aux pompiers
- [ ] Remettre aux secours les plans, la liste des produits dangereux et des personnes à mobilité réduite
- [ ] Couper gaz et électricité si les secours le demandent

## Dans l’heure
- [ ] Transférer les personnes accueillies vers {{site de repli}}, avec leurs dossiers et traitements
- [ ] Faire appeler le personnel de la relève avant qu’il ne se déplace
- [ ] Protéger ce qui reste : serveurs, archives, pharmacie, régies
- [ ] Prévenir l’assureur avant tout nettoyage

> Ne laisser personne rentrer chercher ses affaires.
> Ne pas dire la cause avant les enquêteurs.
> Ne pas oublier les prestataires et visiteurs dans le comptage.`,
    },
    supplier: {
      title: 'Fournisseur défaillant : se protéger et suppléer',
      text: `## Dans l’heure
- [ ] Joindre l’astreinte du fournisseur {{fournisseur}} : que s’est-il passé, depuis quand, jusqu’à quand
- [ ] S’il est attaqué : couper ses accès, liaisons, comptes et mises à jour chez nous
- [ ] Changer les mots de passe et clés qu’il détient
- [ ] Lister les services qui en dépendent et le temps qu’ils tiennent sans lui
- [ ] Activer la procédure papier ou le fournisseur de secours {{fournisseur de secours}}

## Décisions à prendre
- [ ] Rétablir la liaison : seulement sur attestation écrite et après contrôle
- [ ] Prévenir les autorités si un service essentiel est touché
- [ ] Consigner les heures pour les pénalités et l’assurance

> Ne pas rouvrir la liaison parce que « tout est revenu ».
> Ne pas vider les stocks en urgence sans arbitrage.`,
    },
    communication: {
      title: 'Communication : le premier message',
      text: `## Dans les 30 minutes
- [ ] Un message au personnel : ce qui arrive, ce qu’il faut faire, quand viendra la suite
- [ ] Une phrase pour l’accueil et le standard
- [ ] Un porte-parole, un seul : {{porte-parole}}
- [ ] Les comptes de réseaux sociaux contrôlés, mots de passe changés

## Modèle
Depuis {{heure}}, {{ce qui est touché}} est perturbé. Nos équipes sont mobilisées et la sécurité des personnes est assurée. **À faire :** {{consigne}}. Prochaine information à {{heure suivante}}.

- [ ] Faire approuver par deux personnes, publier partout le même texte
- [ ] Tenir l’heure annoncée, même pour dire que rien n’a changé
- [ ] Relever les questions et rumeurs, y répondre dans le message suivant

> Ne pas spéculer sur l’auteur, la durée, le nombre.
> Ne pas écrire « aucune donnée n’a fuité » avant de le savoir.
> Ne pas utiliser la messagerie habituelle si elle peut être lue par l’attaquant.`,
    },
  },
  plans: [
    {
      title: 'Rançongiciel',
      text: `Des fichiers deviennent illisibles, une demande de rançon s’affiche, des services s’arrêtent sans raison.

**Objectif de la première heure :** arrêter la propagation, protéger les sauvegardes, faire tourner l’essentiel sans informatique.

> L’attaquant peut lire la messagerie et écouter les appels : on ne parle de la crise que dans Tocsin.`,
      cells: [
        strategic([
          [15, '!Décider la coupure d’Internet et des liaisons avec les tiers'],
          [45, 'Appeler la tutelle et la préfecture : {{préfecture, ARS ou ministère}}'],
          [60, 'Arrêter la position sur la rançon : ne pas payer, ne pas négocier'],
          [240, 'Déposer plainte ; alerte précoce NIS 2 (24 h) et CNIL (72 h)'],
        ]),
        operational([
          [15, '!Passer aux procédures papier : soins, état civil, paie, régulation'],
          [30, 'Dérouter ce qui ne peut être assuré : urgences, interventions programmées, guichets'],
          [60, 'Recenser par service ce qui manque pour tenir 24 heures'],
        ]),
        technical(
          [
            [0, '!Isoler le réseau sans éteindre les machines'],
            [15, '!Mettre les sauvegardes hors d’atteinte et vérifier la dernière copie saine'],
            [30, 'Appeler le CERT et le prestataire de réponse à incident'],
            [60, 'Dresser la carte : atteint, sain, inconnu'],
          ],
          ['ransomware'],
        ),
        communication([
          [15, '!Consigne au personnel : n’allumer aucun poste, ne rien brancher'],
          [60, 'Premier message aux usagers et partenaires'],
        ]),
      ],
    },
    {
      title: 'Déni de service (DDoS)',
      text: `Sites et accès distants lents ou injoignables sous un flot de requêtes. Souvent politique, parfois un leurre.

**Objectif de la première heure :** faire filtrer par l’opérateur, garder les services vitaux joignables, chercher ce que l’attaque cache.`,
      cells: [
        strategic([
          [30, 'Dire quels services doivent rester joignables, dans l’ordre'],
          [60, 'Décider s’il faut fermer volontairement des services exposés'],
        ]),
        operational([
          [30, 'Ouvrir les voies de remplacement : guichet, téléphone, accueil renforcé'],
          [60, 'Informer les équipes qui travaillent à distance'],
        ]),
        technical(
          [
            [0, '!Confirmer l’attaque et appeler l’opérateur : {{opérateur et numéro d’astreinte}}'],
            [15, 'Activer le filtrage et la page d’attente'],
            [60, 'Chercher une intrusion menée pendant l’attaque'],
          ],
          ['ddos'],
        ),
        communication([
          [15, 'Page publique : service perturbé, autres voies'],
          [60, 'Ne pas relayer la revendication ; réponse type à la presse'],
        ]),
      ],
    },
    {
      title: 'Fuite de données',
      text: `Des données de patients, d’agents ou d’usagers sont dehors, ou quelqu’un le prétend.

**Objectif de la première heure :** faire cesser, conserver la preuve, savoir quelles personnes sont en danger. Le délai de 72 h court depuis la découverte.`,
      cells: [
        strategic([
          [30, '!Inscrire l’heure de découverte à la main courante'],
          [60, 'Réunir le DPO et le juriste : risque pour les personnes, qui informer'],
          [1440, 'Notifier à la CNIL, même incomplètement'],
        ]),
        operational([
          [60, 'Repérer les personnes en danger immédiat : adresses protégées, mineurs, victimes'],
          [120, 'Préparer l’accueil des appels : numéro, plages, réponses'],
        ]),
        technical(
          [
            [0, '!Faire cesser la fuite et révoquer les accès'],
            [30, 'Conserver journaux et copies avant tout retrait'],
            [120, 'Établir volume, nature et période des données'],
          ],
          ['leak'],
        ),
        communication([
          [60, 'Préparer la lettre aux personnes : ce qui est sorti, les risques, que faire'],
          [120, 'Message au personnel et éléments pour la presse'],
        ]),
      ],
    },
    {
      title: 'Panne du réseau et du téléphone',
      text: `Plus d’Internet, plus de réseau interne, plus de téléphone : par une panne, des travaux ou une attaque.

**Objectif de la première heure :** que les secours et les équipes puissent se joindre, et que rien de vital ne dépende d’une alarme muette.`,
      cells: [
        strategic([
          [15, '!Décider le passage en mode dégradé et l’annoncer à tous'],
          [45, 'Prévenir le SAMU, les pompiers et la préfecture du numéro de repli {{numéro}}'],
        ]),
        operational(
          [
            [0, '!Vérifier appels malades, alarmes incendie, ascenseurs ; placer des veilleurs'],
            [15, 'Distribuer radios, mobiles et annuaires papier'],
            [30, 'Organiser les coursiers, un passage par heure'],
          ],
          ['outage'],
        ),
        technical(
          [
            [0, '!Situer la panne : chez nous, chez l’opérateur, électrique, malveillante'],
            [15, 'Ouvrir un ticket prioritaire, demander une heure de rétablissement'],
            [60, 'Basculer sur la liaison de secours : 4G, satellite, faisceau'],
          ],
          ['outage'],
        ),
        communication([
          [30, 'Affiches aux entrées et annonces sonores'],
          [60, 'Donner le numéro de repli par la radio locale et la mairie'],
        ]),
      ],
    },
    {
      title: 'Perte d’un bâtiment',
      text: `Incendie, inondation, effondrement, contamination, interdiction d’accès : {{bâtiment}} ne peut plus servir.

**Objectif de la première heure :** tout le monde dehors et compté, les personnes accueillies relogées, l’activité vitale ailleurs.`,
      cells: [
        strategic([
          [15, '!Nommer un interlocuteur unique auprès du commandant des secours'],
          [60, 'Choisir le site de repli et ce qui y reprend d’abord : {{site de repli}}'],
        ]),
        operational(
          [
            [0, '!Évacuer, compter, signaler les absents'],
            [30, 'Transférer les personnes accueillies avec leurs dossiers'],
            [60, 'Contacter les familles, ouvrir un point d’accueil'],
          ],
          ['building'],
        ),
        technical(
          [
            [15, 'Dire ce qui s’arrête avec le bâtiment : salle informatique, fluides, standard'],
            [60, 'Équiper le site de repli : réseau, postes, téléphonie'],
          ],
          [],
        ),
        communication([
          [15, '!Alerter le personnel : ne pas venir, où se présenter'],
          [60, 'Message au public : services fermés, où s’adresser'],
        ]),
      ],
    },
    {
      title: 'Défaillance d’un fournisseur',
      text: `Un fournisseur dont dépend l’activité ({{fournisseur}}) est attaqué, en panne ou ne livre plus.

**Objectif de la première heure :** se couper de lui s’il est attaqué, savoir combien de temps on tient, passer au remplacement.`,
      cells: [
        strategic([
          [30, '!Décider la coupure des liaisons avec le fournisseur'],
          [60, 'Arbitrer entre services si la ressource manque'],
          [240, 'Évaluer les obligations NIS 2 ou DORA et les recours au contrat'],
        ]),
        operational([
          [30, 'Compter stocks et autonomie, service par service'],
          [60, 'Activer le remplacement : papier, autre fournisseur, prêt entre établissements'],
        ]),
        technical(
          [
            [0, '!Couper les accès du fournisseur et changer les secrets qu’il détient'],
            [60, 'Chercher chez nous les traces de ce qui l’a touché'],
          ],
          ['supplier'],
        ),
        communication([
          [60, 'Prévenir les services touchés : quoi, jusqu’à quand, que faire'],
          [120, 'S’accorder avec le fournisseur sur ce qui est dit'],
        ]),
      ],
    },
  ],
  report: reportTemplates.fr,
};
