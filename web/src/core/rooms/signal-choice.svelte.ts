import { type Bytes, utf8 } from '../../e2ee/bytes';

/** What somebody lets the others of their rooms know. Who does not tell is not told either. */
export interface SignalChoice {
  readonly receipts: boolean;
  readonly typing: boolean;
}

const name = 'room-signals';
let current = $state.raw<SignalChoice>({ receipts: true, typing: true });

interface Store {
  read(name: string): Promise<Bytes | null>;
  write(values: ReadonlyMap<string, Uint8Array>): Promise<void>;
}

export function signalChoice(): SignalChoice {
  return current;
}

/** As it was chosen in this browser. */
export async function readSignalChoice(store: Store): Promise<void> {
  const bytes = await store.read(name);
  current = { receipts: true, typing: true, ...(bytes === null ? {} : (JSON.parse(new TextDecoder().decode(bytes)) as Partial<SignalChoice>)) };
}

export async function chooseSignals(store: Store, choice: SignalChoice): Promise<void> {
  current = choice;
  await store.write(new Map([[name, utf8(JSON.stringify(choice))]]));
}
