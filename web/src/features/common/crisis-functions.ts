import { may } from '../../core/access';
import type { RoomPerson } from '../../core/rooms/room-beginning';
import { functionNamed } from '../../core/rooms/plans/plan-use';
import { api } from '../../core/server';
import type { FunctionView, OnDutyPerson } from '../../transport/contract/directory';

const most = 200;

/** Crisis functions with who holds them; none for who may not read the directory. */
export async function fetchFunctions(signal: AbortSignal): Promise<readonly FunctionView[]> {
  return may('directory.read') ? (await api.get('/api/v1/functions', { query: { limit: most }, signal })).items : [];
}

/** Who is on duty now, with the rota that says so. */
export async function fetchOnDuty(signal: AbortSignal): Promise<readonly OnDutyPerson[]> {
  return (await api.get('/api/v1/rotas/on-duty', { signal })).items;
}

/** Each once. */
export function peopleOnDuty(onDuty: readonly OnDutyPerson[]): readonly RoomPerson[] {
  return [...new Map(onDuty.map((one) => [one.personId, { id: one.personId, name: one.name }])).values()];
}

/**
 * A function that a plan names, with who is on duty for it before who holds it otherwise: a rota of the same name counts, and so does a person on duty who holds it.
 * @returns Undefined where nobody is found.
 */
export function staffed(
  name: string,
  functions: readonly FunctionView[],
  onDuty: readonly OnDutyPerson[],
): Pick<FunctionView, 'name' | 'holders' | 'deputies'> | undefined {
  const known = functionNamed(functions, name);
  const names = [name, known?.name, known?.nameFr, known?.nameEn].flatMap((one) => one ?? []);
  const isNamed = ({ rotaName, functionName }: OnDutyPerson): boolean =>
    [rotaName, functionName].some(
      (called) => called !== null && names.some((one) => functionNamed([{ name: called, nameFr: null, nameEn: null }], one)),
    );
  const duty = peopleOnDuty(onDuty.filter(isNamed)).map(({ id, name: called }) => ({ id, name: called, rank: 0, active: true }));
  const without = <Person extends { readonly id: string; readonly active: boolean }>(list: readonly Person[]): Person[] =>
    list.filter((one) => one.active && !duty.some(({ id }) => id === one.id));
  const [holders, deputies] = [[...duty, ...without(known?.holders ?? [])], without(known?.deputies ?? [])];
  return holders.length + deputies.length === 0 ? undefined : { name: known?.name ?? name, holders, deputies };
}
