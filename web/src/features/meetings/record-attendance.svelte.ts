import { untrack } from 'svelte';
import { accountHex, fromBase64, personOf } from '../../core/devices/account-bytes';
import { AttendanceRecorder, type SeenAttendee, type SeenCall } from '../../core/meetings/attendance-recorder';
import type { Attendee } from '../../core/meetings/call-state.svelte';
import { isGuestCertificate } from '../../core/meetings/encryption/call-identity';
import type { MeetingClient } from '../../core/meetings/meeting-client.svelte';
import { keyOfVisit } from '../../core/rooms/calls/call-view';
import { longestNotedName } from '../../core/rooms/calls/call-content';
import { openRoom } from '../../core/rooms/rooms-here';
import type { OpenRoom } from '../../core/rooms/rooms.svelte';

/** Keeps in the room of a crisis who was in its call, for as long as this browser is in it. Other rooms keep nothing of that. */
export async function recordAttendance(roomId: string, meetingId: string, client: MeetingClient): Promise<void> {
  const room = await openRoom(roomId);
  if (room === null) return;
  await room.sync();
  if (room.ofCrisis === null || room.isGuest || !room.mayBeWrittenIn) return;
  const call = accountHex(meetingId);
  const recorder = new AttendanceRecorder({
    call,
    present: () => presentNow(room, call),
    write: (content) => void room.write(content),
    schedule(milliseconds, run) {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
    now: () => new Date(),
  });
  const stop = $effect.root(() => {
    $effect(() => {
      const seen = seenOf(room, client);
      untrack(() => recorder.see(seen));
      // Outside of the effect that it ends.
      if (seen.phase === 'left' || seen.phase === 'ended') queueMicrotask(() => stop());
    });
  });
}

/** With what waits to be sent. */
function presentNow(room: OpenRoom, call: string): ReadonlySet<string> {
  const present = new Set(room.presentIn(call));
  for (const content of room.waiting) {
    if (content.kind !== 'call-attendance' || content.call !== call) continue;
    const of = keyOfVisit(content.who === undefined ? room.self : (content.who.account ?? null), content.key);
    if (content.step === 'came') present.add(of);
    else present.delete(of);
  }
  return present;
}

function seenOf(room: OpenRoom, client: MeetingClient): SeenCall {
  const { phase, self, others } = client.state;
  return {
    phase: phaseOf(phase),
    self: self && attendeeOf(room, client, self)[0],
    others: others.flatMap((one) => attendeeOf(room, client, one)),
  };
}

function phaseOf(phase: MeetingClient['state']['phase']): SeenCall['phase'] {
  switch (phase.kind) {
    case 'in':
      return 'in';
    case 'reconnecting':
      return 'away';
    case 'left':
      return phase.reason === 'ended' ? 'ended' : 'left';
    default:
      return 'before';
  }
}

/** None for who shows no key: nothing would tell their stays apart. */
function attendeeOf(room: OpenRoom, client: MeetingClient, { id, name, kind, personId, deviceKey, isHost }: Attendee): SeenAttendee[] {
  const key = deviceKey === null ? null : fromBase64(deviceKey);
  if (key === null || key.length < 16) return [];
  const account = kind === 'guest' || personId === null ? null : accountHex(personId);
  const certificate = client.encryption.members.get(id);
  const isOfRoom = room.members.some((member) => member.account === account && !member.isGuest);
  const tells = account === null || !isOfRoom ? false : certificate === undefined ? undefined : !isGuestCertificate(certificate);
  return [
    {
      key: accountHex(personOf(key.slice(-16))),
      name: name.trim().slice(0, longestNotedName) || '–',
      account,
      isHost,
      tells,
    },
  ];
}
