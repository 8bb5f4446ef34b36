import { accountHex, newIdHex } from '../../core/devices/account-bytes';
import type { CellKind, CellSeat, CrisisCell } from '../../core/rooms/crisis/crisis-content';
import type { PlannedCell } from '../../core/rooms/plans/plan-content';
import { obstacleTo } from '../../core/rooms/rooms-here';
import type { RoomPerson } from '../../core/rooms/room-beginning';
import type { FunctionView } from '../../transport/contract/directory';

/** A cell that somebody is about to open. */
export class CellDraft {
  readonly id = newIdHex();
  name = $state('');
  kind = $state<CellKind>('other');
  isChosen = $state(false);
  people = $state.raw<readonly RoomPerson[]>([]);
  /** By function, who was added for it: the first holds it, the others stand in. */
  functions = $state.raw<readonly { readonly name: string; readonly holders: readonly RoomPerson[]; readonly deputies: readonly RoomPerson[] }[]>([]);
  /** Of a function, who could not be added. */
  refused = $state.raw<readonly string[]>([]);
  /** Functions that the plan names and that nobody was found for. */
  gaps = $state.raw<readonly string[]>([]);

  /** @param planned What the plan says of it, where the crisis is opened from one. */
  constructor(
    kind: CellKind,
    name: string,
    isChosen: boolean,
    readonly planned?: PlannedCell,
  ) {
    [this.kind, this.name, this.isChosen] = [kind, name, isChosen];
  }

  /** Whoever holds the function and whoever stands in for them. @param self Who opens it is in it anyhow. */
  addFunction(view: Pick<FunctionView, 'name' | 'holders' | 'deputies'>, self: string): void {
    const active = [...view.holders, ...view.deputies].filter((one) => one.active);
    const isFine = ({ id }: { readonly id: string }): boolean => id === self || obstacleTo(id) === null;
    this.refused = [...new Set([...this.refused, ...active.filter((one) => !isFine(one)).map(({ name }) => name)])];
    const named = (list: readonly { readonly id: string; readonly name: string; readonly active: boolean }[]): RoomPerson[] =>
      list.filter((one) => one.active && isFine(one)).map(({ id, name }) => ({ id, name }));
    const [holders, deputies] = [named(view.holders), named(view.deputies)];
    if (holders.length + deputies.length === 0) return;
    this.functions = [...this.functions.filter(({ name }) => name !== view.name), { name: view.name, holders, deputies }];
    const others = [...holders, ...deputies].filter(({ id }) => id !== self && !this.people.some((one) => one.id === id));
    this.people = [...this.people, ...new Map(others.map((one) => [one.id, one])).values()];
  }

  /** @param self Who opens it: in it, too. */
  toCell(self: string): CrisisCell {
    const seats = new Map<string, CellSeat>();
    const isIn = (id: string): boolean => id === self || this.people.some((one) => one.id === id);
    for (const { name, holders, deputies } of this.functions) {
      for (const { id } of holders) if (isIn(id) && !seats.has(id)) seats.set(id, { account: accountHex(id), function: name });
      for (const { id } of deputies) if (isIn(id) && !seats.has(id)) seats.set(id, { account: accountHex(id), function: name, deputy: true });
    }
    for (const id of [...this.people.map((one) => one.id), self]) if (!seats.has(id)) seats.set(id, { account: accountHex(id) });
    return { id: this.id, name: this.name.trim(), kind: this.kind, room: null, people: [...seats.values()] };
  }
}
