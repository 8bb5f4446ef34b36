// The crisis that is measured, on a scripted server: entries that are sealed and signed as the product does, by somebody else than who reads.
import { accountOf, fromBase64, toBase64 } from "../../web/src/core/devices/account-bytes";
import { encodeContent, type RoomContent } from "../../web/src/core/rooms/room-content";
import { RoomSession } from "../../web/src/core/rooms/room-session";
import { toHex } from "../../web/src/e2ee/bytes";
import { sealContent } from "../../web/src/e2ee/rooms/content";
import { signEntry } from "../../web/src/e2ee/rooms/entry";
import { nextHead } from "../../web/src/e2ee/rooms/entry";
import { replay } from "../../web/src/e2ee/rooms/replay";
import { ScriptedDirectoryLog, scriptDirectoryLog } from "../../web/test/pages/fixtures/directory-log";
import { director, scriptHospital } from "../../web/test/pages/fixtures/hospital";
import { ScriptedRooms } from "../../web/test/pages/fixtures/rooms";
import { ScriptedServer } from "../../web/test/pages/scripted-server";
import { MemoryDirectoryLog } from "../../web/test/unit/core/devices/memory";
import { browserOn } from "../../web/test/unit/core/rooms/memory-rooms";

export interface Served {
  readonly url: string;
  /** Of who reads: their device stands there once their browser has opened the application. */
  readonly hasDevice: () => boolean;
  readonly write: (lines: number, tasks: number) => Promise<Crisis>;
  readonly stop: () => Promise<void>;
}

export interface Crisis {
  readonly id: string;
  readonly entries: number;
  /** Of tasks, as pages count them. */
  readonly toDo: number;
  readonly decisions: number;
  /** Octets of all entries. */
  readonly size: number;
  /** One more line, from somebody else, while the page is looked at. */
  readonly add: (text: string) => Promise<void>;
}

export async function serve(): Promise<Served> {
  const [log, rooms, server] = [new ScriptedDirectoryLog(), new ScriptedRooms(), await ScriptedServer.start()];
  scriptHospital(server);
  scriptDirectoryLog(server, log);
  rooms.script(server, director.personId);
  return {
    url: server.url,
    hasDevice: () => log.entries.length > 0,
    write: (lines, tasks) => write(log, rooms, server, lines, tasks),
    stop: () => server.stop(),
  };
}

async function write(log: ScriptedDirectoryLog, rooms: ScriptedRooms, server: ScriptedServer, lines: number, tasks: number): Promise<Crisis> {
  const own = new MemoryDirectoryLog();
  for (const entry of log.entries) await own.append(fromBase64(entry) ?? new Uint8Array());
  const before = log.entries.length;
  const writer = await browserOn(own, rooms.rooms);
  for (const entry of own.entries.slice(before)) log.append(toBase64(entry));
  await writer.directory.sync();
  const nonce = crypto.getRandomValues(new Uint8Array(16));
  const session = await RoomSession.open(writer, await RoomSession.idOf(writer, nonce));
  const start = Date.parse("2026-11-20T06:00:00Z");
  const at = (minute: number): string => new Date(start + minute * 60_000).toISOString();
  await session.begin({
    nonce,
    members: [{ account: accountOf(director.personId), role: "administrator" }],
    contents: [
      { kind: "purpose", purpose: "crisis-cell" },
      { kind: "name", text: "Long crisis" },
      {
        kind: "crisis",
        crisis: { name: "Long crisis", mode: "real", severity: "extreme", cells: [] },
        statement: { type: "fact", text: "The crisis is opened", at: at(0) },
      },
    ],
  });
  const room = rooms.rooms.rooms.get(session.id);
  const key = session.log.keyOf(1);
  if (room === undefined || key === undefined) throw new Error("a room that has begun has a key");
  let deviceSeq = session.log.state.devices.get(toHex(writer.device.device))?.lastSeq ?? 0n;
  let { head } = session.log;
  const append = async (content: RoomContent): Promise<string> => {
    const id = crypto.getRandomValues(new Uint8Array(16));
    const header = {
      room: session.log.room,
      id,
      device: writer.device.device,
      deviceSeq: ++deviceSeq,
      seenSeq: head.seq,
      seenHash: head.hash,
      class: "content" as const,
      era: 1,
    };
    const entry = await signEntry(writer.device.signer, header, await sealContent(key, header, encodeContent(content)));
    room.entries.push(entry);
    head = await nextHead(head, entry);
    return toHex(id);
  };
  // Tasks among the lines, as they come in a crisis; six in ten are moved on, one in twenty lines is corrected.
  let decisions = 0;
  let toDo = 0;
  for (let each = 1; each <= lines; each++) {
    const isDecision = each % 10 === 0;
    if (isDecision) decisions++;
    const statement = { type: isDecision ? ("decision" as const) : ("fact" as const), text: words(each), at: at(each), source: "Control room" };
    const of = await append({ kind: "log-entry", statement });
    if (each % 20 === 1) await append({ kind: "log-correction", of, statement, reason: "Counted again" });
    for (let task = Math.floor(((each - 1) * tasks) / lines) + 1; task <= Math.floor((each * tasks) / lines); task++) {
      const fields = { title: `Task ${task}: ${words(task)}`, state: "to-do", owner: null, due: null, urgent: task % 50 === 0 } as const;
      const asked = await append({ kind: "task", task: fields });
      if (task % 5 < 3) await append({ kind: "task-change", of: asked, change: { state: task % 5 === 0 ? "under-way" : "done" } });
      else toDo++;
    }
  }
  // What the server knows of the room, by its own rules and not by ours: the whole is verified once.
  for (const [seq, entry] of room.entries.entries()) {
    if (BigInt(seq) < room.state.heads.head.seq) continue;
    const { state, outcome } = await replay(room.state, BigInt(seq + 1), entry);
    if (outcome.kind !== "accepted") throw new Error(`entry ${seq + 1} was not accepted`);
    room.state = state;
  }
  return {
    id: session.id,
    entries: room.entries.length,
    toDo,
    decisions,
    size: room.entries.reduce((sum, entry) => sum + entry.length, 0),
    add: async (text) => {
      await append({ kind: "log-entry", statement: { type: "fact", text, at: at(lines + 60) } });
      const { state } = await replay(room.state, BigInt(room.entries.length), room.entries.at(-1) ?? new Uint8Array());
      room.state = state;
      server.hub.publish("room.entry-appended", { roomId: session.id, seq: room.entries.length });
    },
  };
}

/** As long as lines of a log are. */
function words(number: number): string {
  return `Line ${number}: ward ${number % 40} reports ${number % 17} patients moved, ${number % 5} beds free; the generator has fuel for ${number % 48} hours.`;
}
