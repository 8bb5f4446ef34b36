/** What the entries of a room amount to: its messages, log and tasks, and all that a crisis, an exercise, a training or a call adds to them. Nothing of keys, people's devices or the line. */
import { fromHex } from '../../e2ee/bytes';
import type { AlertMode } from '../../transport/contract/content';
import { personOf } from '../devices/account-bytes';
import { type AttendedCall, callsOf } from './calls/call-view';
import { type CrisisLink, crisisOf, type CrisisView } from './crisis/crisis-view';
import { type Exercises, exercisesOf, noExercises } from './exercises/exercises-view';
import { type LogLine, logOf } from './log/log-view';
import { emptyLibrary, type PlanLibrary, plansOf } from './plans/plan-view';
import { reportingOf, type ReportingView } from './reporting/reporting-view';
import type { RoomItem } from './room-log';
import { type RoomView, type TimelineEntry, viewOf } from './room-view';
import { emptyBoard, type SharedBoard, sharedBoardOf } from './shared-board/shared-board-view';
import { noSituation, situationOf, type SituationView } from './situation/situation-view';
import { type Stakeholder, stakeholdersOf } from './stakeholders/stakeholder-view';
import { type Task, tasksOf } from './tasks/task-view';
import { noTraining, type Training, trainingOf } from './trainings/training-view';

export interface RoomViews {
  readonly view: RoomView;
  readonly log: readonly LogLine[];
  readonly tasks: readonly Task[];
  readonly library: PlanLibrary;
  readonly crisis: CrisisView | null;
  readonly crisisLink: CrisisLink | null;
  readonly reporting: readonly ReportingView[];
  readonly situation: SituationView;
  readonly stakeholders: readonly Stakeholder[];
  readonly exercises: Exercises;
  readonly training: Training;
  readonly calls: readonly AttendedCall[];
  readonly board: SharedBoard;
}

const noViews: RoomViews = {
  view: viewOf([]),
  log: [],
  tasks: [],
  library: emptyLibrary,
  crisis: null,
  crisisLink: null,
  reporting: [],
  situation: noSituation,
  stakeholders: [],
  exercises: noExercises,
  training: noTraining,
  calls: [],
  board: emptyBoard,
};

/** Of the entries alone. What a crisis, its reports or its stakeholders count stands in the log, too. */
export function viewsOf(items: readonly RoomItem[]): RoomViews {
  const { crisis, link, counted: ofCrisis } = crisisOf(items);
  const { duties, counted: ofReporting } = reportingOf(items);
  const { situation, counted: ofSituation } = situationOf(items);
  const { stakeholders, counted: ofStakeholders } = stakeholdersOf(items);
  const counted = new Set([...ofCrisis, ...ofReporting, ...ofSituation, ...ofStakeholders]);
  return {
    view: viewOf(items, counted),
    log: logOf(items, counted),
    tasks: tasksOf(items),
    library: plansOf(items),
    crisis,
    crisisLink: link,
    reporting: duties,
    situation,
    stakeholders,
    exercises: exercisesOf(items),
    training: trainingOf(items),
    calls: callsOf(items),
    board: sharedBoardOf(items),
  };
}

/** A room as its entries tell it. */
export abstract class ViewedRoom {
  protected views = $state.raw<RoomViews>(noViews);

  /** As addresses have it. */
  abstract get id(): string;

  get view(): RoomView {
    return this.views.view;
  }

  get timeline(): readonly TimelineEntry[] {
    return this.views.view.timeline;
  }

  /** Its log of events and decisions, as it was written. */
  get log(): readonly LogLine[] {
    return this.views.log;
  }

  /** Who does what by when, as it was asked for. */
  get tasks(): readonly Task[] {
    return this.views.tasks;
  }

  /** Its plans and action cards: of a library all that there are, of a crisis copies of what was used. */
  get library(): PlanLibrary {
    return this.views.library;
  }

  /** The crisis that it leads; null where it leads none. */
  get crisis(): CrisisView | null {
    return this.views.crisis;
  }

  /** The crisis that it is a cell of; null where it is none. */
  get crisisLink(): CrisisLink | null {
    return this.views.crisisLink;
  }

  /** What the crisis that it leads owes to authorities. */
  get reporting(): readonly ReportingView[] {
    return this.views.reporting;
  }

  /** Situation reports of the crisis that it leads. */
  get situation(): SituationView {
    return this.views.situation;
  }

  /** Whom the crisis that it leads keeps informed, as they were written. */
  get stakeholders(): readonly Stakeholder[] {
    return this.views.stakeholders;
  }

  /** What it teaches, and who was there. */
  get training(): Training {
    return this.views.training;
  }

  /** Of an animators' room its scripts and runs; of a players' room the injects that it received. */
  get exercises(): Exercises {
    return this.views.exercises;
  }

  /** Its calls while it was of a crisis, and who was in them. */
  get calls(): readonly AttendedCall[] {
    return this.views.calls;
  }

  /** What its people have drawn, written and pinned together. */
  get board(): SharedBoard {
    return this.views.board;
  }

  /** The crisis that it leads or is a cell of, as an address and as it is worn; null where it is of none. */
  get ofCrisis(): { readonly id: string; readonly mode: AlertMode } | null {
    const { crisis, crisisLink } = this.views;
    if (crisis !== null) return { id: this.id, mode: crisis.mode };
    return crisisLink === null ? null : { id: personOf(fromHex(crisisLink.leading)), mode: crisisLink.mode };
  }
}
