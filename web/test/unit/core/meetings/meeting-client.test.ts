import { beforeEach, describe, expect, it } from 'vitest';
import { MeetingClient } from '../../../../src/core/meetings/meeting-client.svelte';
import { ApiError } from '../../../../src/transport/api-error';
import type { EncryptionHost } from '../../../../src/core/meetings/encryption/call-encryption.svelte';
import { writeCallContent, type CallContent } from '../../../../src/e2ee/calls/call-content';
import type { DeviceCertificate } from '../../../../src/e2ee/identities/device-certificate';
import type { MeetingEvent, Participant } from '../../../../src/transport/meeting-signalling';
import { consumer, joined, ManualSchedule, noEncryption, participant, StandInDevice, StandInLine, trackNamed } from './stand-ins';

let lines: StandInLine[];
let opens: boolean;
let hangs: boolean;
let device: StandInDevice;
let time: ManualSchedule;
let client: MeetingClient;
let encryption: ReturnType<typeof noEncryption>;
let encryptionHost: EncryptionHost;

beforeEach(() => {
  lines = [];
  opens = true;
  hangs = false;
  device = new StandInDevice();
  time = new ManualSchedule();
  client = new MeetingClient({
    newLine: () => {
      const line = new StandInLine(opens, hangs);
      line.answers.Produce = { id: `produced-${lines.length}` };
      line.answers.RestartIce = { usernameFragment: 'new', password: 'new', iceLite: true };
      lines.push(line);
      return line;
    },
    fetchRouter: () => Promise.resolve({}),
    newDevice: () => Promise.resolve(device),
    newEncryption: (host) => {
      encryptionHost = host;
      return (encryption = noEncryption());
    },
    schedule: time.schedule,
    now: () => new Date(0),
    random: () => 0.5,
  });
});

const line = (): StandInLine => lines[lines.length - 1] as StandInLine;
const settled = (): Promise<void> => new Promise((done) => setTimeout(done, 0));

async function join(): Promise<void> {
  await client.join({ meetingId: 'm' });
  await settled();
  line().say(joined());
  await settled();
}

describe('joining', () => {
  it('is_one_message_that_says_what_the_browser_can', async () => {
    await join();
    expect(line().requests).toEqual([
      { meetingId: 'm', link: null, name: null, resume: null, rtpCapabilities: device.rtpCapabilities, deviceKey: 'key' },
    ]);
    expect(client.state.phase.kind).toBe('in');
    expect(client.state.others.map((one) => one.id)).toEqual(['her']);
  });

  it('by_a_link_says_who_one_is_and_waits_to_be_let_in', async () => {
    await client.join({ link: 'secret', name: 'Marc' });
    await settled();
    expect(line().requests[0]).toMatchObject({ meetingId: null, link: 'secret', name: 'Marc' });
    line().say({ kind: 'waiting', id: 'w', meeting: { id: 'm', title: 'Cellule' } });
    expect(client.state.phase).toEqual({ kind: 'waiting', title: 'Cellule' });
    line().say(joined());
    expect(client.state.phase.kind).toBe('in');
  });

  it('sends_what_was_captured_before_and_keeps_shut_what_was_shut', async () => {
    await client.send('microphone', trackNamed('mic', 'audio'), false);
    await client.send('camera', trackNamed('cam'));
    await join();
    expect(device.sending[0]?.produced.map(({ source, isPaused }) => [source, isPaused])).toEqual([
      ['microphone', true],
      ['camera', false],
    ]);
    expect(line().told('Produce')).toMatchObject([
      { source: 'microphone', isPaused: true },
      { source: 'camera', isPaused: false },
    ]);
  });

  it('says_what_could_not_be_sent', async () => {
    await client.send('camera', trackNamed('cam'));
    await client.join({ meetingId: 'm' });
    await settled();
    line().answers.Produce = new ApiError('media-parameters', 409, 'No.');
    line().say(joined());
    await settled();
    expect(client.own.camera).toBe(false);
    expect(client.sendFailure).toBeInstanceOf(ApiError);
  });

  it('shows_what_others_send_where_they_are', async () => {
    await join();
    line().say({ kind: 'new-consumer', consumer: consumer('c', 'her') });
    await settled();
    expect(client.state.attendee('her')?.tracks.camera?.id).toBe('c');
    line().say({ kind: 'producer-added', participantId: 'her', producer: { id: 'p-c', kind: 'video', source: 'camera', isPaused: false } });
    line().say({ kind: 'producer-closed', participantId: 'her', producerId: 'p-c', byHost: null });
    await settled();
    expect(device.receiving[0]?.closedConsumers).toEqual(['c']);
    expect(client.state.attendee('her')?.tracks.camera).toBeUndefined();
  });
});

describe('the codec of videos', () => {
  const came = { kind: 'video-codec-changed', videoCodec: 'video/VP8' } as const;
  const sent = (): { readonly codec: string; readonly replaces: string | null; readonly closed: boolean }[] =>
    (device.sending[0]?.produced ?? []).filter((one) => one.source === 'camera').map(({ video, closed }) => ({ ...video, closed }));

  beforeEach(async () => {
    await client.send('camera', trackNamed('cam'));
    await client.send('microphone', trackNamed('mic', 'audio'));
    await join();
  });

  it('follows_the_call_and_what_was_sent_goes_on_until_its_successor_is_seen', async () => {
    line().answers.Produce = { id: 'other' };
    line().say(came);
    await settled();
    expect(sent()).toEqual([
      { codec: 'video/VP9', replaces: null, closed: false },
      { codec: 'video/VP8', replaces: 'produced-0', closed: false },
    ]);
    expect(line().told('CloseProducer')).toEqual([]);
    time.advance(2_500);
    await settled();
    expect(sent().map((one) => one.closed)).toEqual([true, false]);
    expect(line().told('CloseProducer')).toEqual([{ producerId: 'produced-0' }]);
    expect(device.sending[0]?.produced.filter((one) => one.source === 'microphone')).toHaveLength(1);
  });

  it('that_changes_again_meanwhile_is_followed_after', async () => {
    line().say(came, { kind: 'video-codec-changed', videoCodec: 'video/H264' });
    await settled();
    time.advance(2_500);
    await settled();
    expect(sent().map((one) => one.codec)).toEqual(['video/VP9', 'video/VP8', 'video/H264']);
  });

  it('leaves_nothing_on_where_the_camera_is_stopped_meanwhile', async () => {
    line().answers.Produce = { id: 'other' };
    line().say(came);
    const stopping = client.stop('camera');
    await settled();
    await stopping;
    time.advance(2_500);
    await settled();
    expect(sent().every((one) => one.closed)).toBe(true);
    expect(client.own.camera).toBe(false);
  });

  it('that_could_not_be_followed_is_followed_when_the_line_is_mended', async () => {
    line().answers.Produce = ApiError.unreachable();
    line().say(came);
    await settled();
    expect(sent()).toEqual([{ codec: 'video/VP9', replaces: null, closed: false }]);
    line().break();
    time.advance(500);
    await settled();
    line().answers.Produce = { id: 'other' };
    const own = participant('me', {
      producers: [
        { id: 'produced-0', kind: 'video', source: 'camera', isPaused: false },
        { id: 'produced-0', kind: 'audio', source: 'microphone', isPaused: false },
      ],
    });
    line().say(joined({ resumed: true, videoCodec: 'video/VP8', participants: [own] }));
    await settled();
    expect(sent().map((one) => one.codec)).toEqual(['video/VP9', 'video/VP8']);
  });

  it('of_another_changes_without_a_hole', async () => {
    const next = { ...trackNamed('next'), muted: true, addEventListener: (_: string, run: () => void) => (unmute = run) };
    let unmute = (): void => undefined;
    const her = client.state.attendee('her');
    her?.show('camera', { ...trackNamed('now'), readyState: 'live' } as MediaStreamTrack);
    for (const id of ['p-1', 'p-2'])
      line().say({ kind: 'producer-added', participantId: 'her', producer: { id, kind: 'video', source: 'camera', isPaused: false } });
    her?.show('camera', next as unknown as MediaStreamTrack);
    expect(her?.tracks.camera?.id).toBe('now');
    unmute();
    expect(her?.tracks.camera?.id).toBe('next');
    line().say({ kind: 'producer-closed', participantId: 'her', producerId: 'p-1', byHost: null });
    expect(her?.tracks.camera?.id).toBe('next');
    line().say({ kind: 'producer-closed', participantId: 'her', producerId: 'p-2', byHost: null });
    expect(her?.tracks.camera).toBeUndefined();
  });
});

describe('encryption', () => {
  it('hears_of_the_group_in_order_and_of_whom_one_lets_in_or_puts_out', async () => {
    await join();
    const change = { kind: 'group-changed', groupId: 'g', number: 1, epoch: 'e', participantId: 'her', commit: null } as const;
    line().say(change);
    line().say({ kind: 'waiting-changed', waiting: [{ id: 'w', name: 'Marc', kind: 'guest', since: '', deviceKey: 'his' }] });
    await client.admit(['w']);
    line().say({ kind: 'participant-joined', participant: participant('marc', { kind: 'guest', deviceKey: 'his' }) });
    await client.remove('marc');
    line().say({ kind: 'participant-left', participantId: 'marc', reason: 'removed' });
    expect(encryption.heard).toEqual([null, change, ['admit', 'his'], ['putOut', 'his', true], ['putOut', 'his', false]]);
  });
});

describe('a break of the line', () => {
  it('is_mended_as_the_same_participant_while_media_go_on', async () => {
    await join();
    line().say({ kind: 'new-consumer', consumer: consumer('old', 'her') });
    await settled();
    line().break();
    expect(client.state.phase.kind).toBe('reconnecting');
    time.advance(500);
    await settled();
    expect(line().requests[0]?.resume).toBe('ticket');
    line().say(joined({ resumed: true, consumers: [consumer('new', 'her', { source: 'microphone', kind: 'audio' })] }));
    await settled();
    expect(device.sending).toHaveLength(1);
    expect(device.receiving[0]?.closedConsumers).toEqual(['old']);
    expect(device.receiving[0]?.consumed.map((one) => one.id)).toEqual(['old', 'new']);
    expect(client.state.phase.kind).toBe('in');
  });

  it('after_which_the_server_began_anew_makes_new_transports_and_sends_the_same_again', async () => {
    const camera = trackNamed('cam');
    await client.send('camera', camera);
    await join();
    line().break();
    time.advance(500);
    await settled();
    line().say(joined({ resumed: false }));
    await settled();
    expect(device.sending[0]?.closed).toBe(true);
    expect(device.sending[1]?.produced.map((one) => one.track)).toEqual([camera]);
    expect(camera.stopped).toBe(false);
  });

  it('is_tried_again_at_once_then_several_times_a_second_then_each_second_and_more_seldom_once_it_is_no_restart', async () => {
    await join();
    opens = false;
    line().break();
    for (const delay of [100, 200, ...Array<number>(10).fill(250), ...Array<number>(18).fill(1_000), 4_000, 4_000].map((longest) => longest * 0.75)) {
      const before = lines.length;
      time.advance(delay - 0.5);
      await settled();
      expect(lines.length).toBe(before);
      time.advance(0.5);
      await settled();
      expect(lines.length).toBe(before + 1);
    }
  });

  it('ends_at_once_when_the_network_is_back', async () => {
    await join();
    line().break();
    client.networkChanged();
    await settled();
    expect(lines).toHaveLength(2);
  });

  it('ends_at_once_when_the_page_is_seen_again_but_media_that_flow_are_left_alone', async () => {
    await join();
    client.seen();
    await settled();
    expect(lines).toHaveLength(1);
    expect(device.sending[0]?.restarts).toHaveLength(0);
    line().break();
    client.seen();
    await settled();
    expect(lines).toHaveLength(2);
  });

  it('over_a_network_that_is_gone_is_not_waited_for', async () => {
    await join();
    line().break();
    hangs = true;
    time.advance(250);
    await settled();
    expect(lines).toHaveLength(2);
    client.networkChanged();
    await settled();
    expect(lines).toHaveLength(3);
    expect(lines[1]?.closed).toBe(true);
    hangs = false;
    time.advance(15_000);
    time.advance(250);
    await settled();
    expect(lines).toHaveLength(4);
    expect(line().requests).toHaveLength(1);
  });

  it('is_no_break_where_one_was_told_to_leave', async () => {
    await join();
    const mic = trackNamed('mic', 'audio');
    await client.send('microphone', mic);
    line().say({ kind: 'left', reason: 'removed', refusal: null });
    line().break();
    time.advance(60_000);
    expect(client.state.phase).toMatchObject({ kind: 'left', reason: 'removed' });
    expect(lines).toHaveLength(1);
    expect(mic.stopped).toBe(true);
  });

  it('for_being_too_slow_is_mended_by_itself', async () => {
    await join();
    line().say({ kind: 'left', reason: 'too-slow', refusal: null });
    time.advance(500);
    await settled();
    expect(line().requests[0]?.resume).toBe('ticket');
  });

  it('what_an_old_line_still_says_is_not_heard', async () => {
    await join();
    const old = line();
    old.break();
    time.advance(500);
    await settled();
    old.say({ kind: 'left', reason: 'ended', refusal: null });
    expect(client.state.phase.kind).toBe('reconnecting');
  });
});

describe('the path of media', () => {
  it('is_looked_for_anew_at_once_when_it_failed_and_after_a_second_when_it_broke', async () => {
    await join();
    const [transport] = device.receiving;
    transport?.becomes('failed');
    await settled();
    expect(transport?.restarts).toHaveLength(1);
    transport?.becomes('connected');
    transport?.becomes('disconnected');
    time.advance(999);
    await settled();
    expect(transport?.restarts).toHaveLength(1);
    time.advance(1);
    await settled();
    expect(transport?.restarts).toHaveLength(2);
  });

  it('is_looked_for_anew_at_once_and_once_when_the_server_hears_nothing_by_it', async () => {
    await join();
    const [sending] = device.sending;
    sending?.becomes('connected');
    const unheard = { kind: 'transport-state-changed', transportId: sending?.id ?? '', state: 'disconnected' } as const;
    line().say(unheard);
    line().say(unheard);
    sending?.becomes('disconnected');
    time.advance(1_000);
    await settled();
    expect(sending?.restarts).toHaveLength(1);
    expect(device.receiving[0]?.restarts).toHaveLength(0);
    sending?.becomes('connected');
    line().say(unheard);
    await settled();
    expect(sending?.restarts).toHaveLength(2);
  });

  it('that_can_not_be_found_gives_way_to_a_new_place_in_the_call', async () => {
    await join();
    device.sending[0]?.becomes('failed');
    await settled();
    time.advance(10_000);
    await settled();
    expect(line().requests[0]?.resume).toBeNull();
  });

  it('that_is_lost_while_the_line_is_mended_takes_no_second_place_beside_the_one_that_is_asked_for', async () => {
    await join();
    device.sending[0]?.becomes('failed');
    line().break();
    await settled();
    time.advance(10_000);
    await settled();
    expect(lines).toHaveLength(2);
    expect(line().requests[0]?.resume).toBe('ticket');
    // The server is the one of before, and only the path is gone.
    line().say(joined({ resumed: true }));
    await settled();
    expect(lines).toHaveLength(3);
    expect(line().requests[0]?.resume).toBeNull();
  });

  it('is_looked_for_anew_when_the_network_changes', async () => {
    await join();
    for (const transport of [device.sending[0], device.receiving[0]]) transport?.becomes('connected');
    client.networkChanged();
    await settled();
    expect(line().told('RestartIce')).toEqual([{ transportId: 's' }, { transportId: 'r' }]);
  });
});

describe('hosts', () => {
  it('mute_somebody_who_then_is_muted_here_too_and_may_speak_again', async () => {
    await client.send('microphone', trackNamed('mic', 'audio'));
    await join();
    line().say({ kind: 'producer-added', participantId: 'me', producer: { id: 'produced-0', kind: 'audio', source: 'microphone', isPaused: false } });
    line().say({ kind: 'producer-paused', participantId: 'me', producerId: 'produced-0', isPaused: true, byHost: 'her' });
    expect(client.own.microphone).toBe(false);
    expect(client.state.notices.map((one) => [one.kind, one.name])).toContainEqual(['muted-by-host', 'Name her']);
    await client.setOn('microphone', true);
    expect(line().told('ResumeProducer')).toEqual([{ producerId: 'produced-0' }]);
  });

  it('stop_a_camera_whose_light_then_goes_out', async () => {
    const camera = trackNamed('cam');
    await client.send('camera', camera);
    await join();
    line().say({ kind: 'producer-closed', participantId: 'me', producerId: 'produced-0', byHost: 'her' });
    expect(camera.stopped).toBe(true);
    expect(client.own.camera).toBe(false);
  });

  it('mute_everyone_but_other_hosts', async () => {
    await join();
    const microphone = (id: string) => [{ id, kind: 'audio', source: 'microphone', isPaused: false }] as const;
    line().say(
      { kind: 'participant-joined', participant: participant('a', { producers: microphone('pa') }) },
      { kind: 'participant-joined', participant: participant('b', { producers: microphone('pb'), isHost: true }) },
    );
    await client.muteAll();
    expect(line().told('StopProducer')).toEqual([{ producerId: 'pa' }]);
  });
});

describe('what is shown', () => {
  it('is_asked_for_once_the_layout_rests_and_again_after_a_break', async () => {
    await join();
    const video = { producerId: 'p', width: 640, height: 360, priority: 1 } as const;
    client.show([]);
    client.show([video]);
    client.show([video]);
    time.advance(150);
    expect(line().told('ShowVideos')).toEqual([{ videos: [video] }]);
    line().break();
    time.advance(500);
    await settled();
    line().say(joined({ resumed: true }));
    time.advance(150);
    expect(line().told('ShowVideos')).toEqual([{ videos: [video] }]);
  });
});

it('an_event_of_a_kind_that_is_not_known_is_passed_over', async () => {
  await join();
  line().say({ kind: 'something-new' } as never);
  expect(client.state.phase.kind).toBe('in');
});

describe('what was changed while the line was broken', () => {
  const microphone = { id: 'produced-0', kind: 'audio', source: 'microphone', isPaused: false } as const;

  async function comeBack(producers: Participant['producers']): Promise<void> {
    time.advance(1_000);
    await settled();
    line().say(joined({ resumed: true, participants: [participant('me', { producers }), participant('her')] }));
    await settled();
  }

  it('here_is_said_there_once_it_can_be', async () => {
    await client.send('microphone', trackNamed('mic', 'audio'));
    await join();
    line().break();
    line().answers.PauseProducer = ApiError.unreachable();
    await client.setOn('microphone', false).catch(() => undefined);
    await comeBack([microphone]);
    expect(line().told('PauseProducer')).toEqual([{ producerId: 'produced-0' }]);
    expect(client.own.microphone).toBe(false);
  });

  it('there_is_as_the_host_left_it', async () => {
    await client.send('microphone', trackNamed('mic', 'audio'));
    await join();
    line().break();
    await comeBack([{ ...microphone, isPaused: true }]);
    expect(client.own.microphone).toBe(false);
    expect(line().told('ResumeProducer')).toEqual([]);
    expect(line().told('CloseProducer')).toEqual([]);
  });

  it('leaves_nothing_behind_that_is_not_sent_any_more', async () => {
    await client.send('microphone', trackNamed('mic', 'audio'));
    await join();
    line().break();
    line().answers.CloseProducer = ApiError.unreachable();
    await client.stop('microphone').catch(() => undefined);
    await comeBack([microphone]);
    expect(line().told('CloseProducer')).toEqual([{ producerId: 'produced-0' }]);
  });

  it('and_was_stopped_by_a_host_stops_here_with_its_light', async () => {
    const track = trackNamed('cam');
    await client.send('camera', track);
    await join();
    line().break();
    await comeBack([]);
    expect([client.own.camera, track.stopped]).toEqual([false, true]);
  });

  it('is_another_device_at_once_without_a_word_to_the_server', async () => {
    await client.send('microphone', trackNamed('mic', 'audio'));
    await join();
    line().break();
    await client.send('microphone', trackNamed('headset', 'audio'));
    expect(device.sending[0]?.replaced).toEqual(['headset']);
  });
});

it('layers_that_nobody_looks_at_are_not_sent', async () => {
  await client.send('camera', trackNamed('cam'));
  await join();
  line().say(
    { kind: 'producer-wanted', producerId: 'produced-0', spatialLayer: 1 },
    { kind: 'producer-wanted', producerId: 'produced-0', spatialLayer: null },
  );
  expect(device.sending[0]?.highestLayers).toEqual([
    ['camera', 1],
    ['camera', 0],
  ]);
});

it('a_meeting_that_another_node_carries_is_looked_for_on_new_lines_and_not_for_ever', async () => {
  const refused = {
    kind: 'left',
    reason: 'refused',
    refusal: { code: 'meeting-elsewhere', title: 'Elsewhere.', detail: null, fields: null },
  } as const;
  await client.join({ meetingId: 'm' });
  await settled();
  line().say(refused);
  expect(client.state.phase.kind).toBe('joining');
  time.advance(250);
  await settled();
  line().say(joined());
  expect([lines.length, client.state.phase.kind]).toEqual([2, 'in']);

  line().break();
  for (let tried = 0; tried < 20 && client.state.phase.kind !== 'left'; tried += 1) {
    time.advance(1_000);
    await settled();
    line().say(refused);
  }
  expect(client.state.phase).toMatchObject({ kind: 'left', reason: 'refused' });
});

describe('what is said in the call', () => {
  const certificate = (key: number, account = 1): DeviceCertificate =>
    ({
      account: new Uint8Array(16).fill(account),
      device: new Uint8Array(16).fill(key),
      deviceKey: new Uint8Array(32).fill(key),
    }) as unknown as DeviceCertificate;
  const her = certificate(7);
  const say = (content: CallContent, sender = her, participantId: string | null = 'her'): void =>
    encryptionHost.heard({ kind: 'said', sender, participant: participantId, content: writeCallContent(content) });
  const stay = new Uint8Array(8);

  beforeEach(async () => {
    await join();
    encryption.members = new Map([['her', her]]);
  });

  it('is_taken_from_the_device_that_sealed_it_and_told_once', () => {
    say({ kind: 'text', stay, number: 0, text: 'Bonjour' });
    say({ kind: 'text', stay, number: 0, text: 'Bonjour' });
    expect(client.messages.lines).toMatchObject([{ kind: 'text', text: 'Bonjour', speaker: { name: 'Name her', standing: 'device' } }]);
    expect(client.state.notices).toMatchObject([{ kind: 'message', name: 'Name her', text: 'Bonjour' }]);
    say({ kind: 'text', stay, number: 0, text: 'Inconnu' }, certificate(9), null);
    expect(client.messages.lines.at(-1)).toMatchObject({ speaker: { name: '', device: '0909 0909' } });
    say({ kind: 'text', stay, number: 0, text: 'Ici' }, certificate(8, 0));
    expect(client.messages.lines.at(-1)).toMatchObject({ speaker: { standing: 'unverified' } });
  });

  it('raises_a_hand_of_the_device_and_a_host_lowers_it', () => {
    say({ kind: 'hand', stay, count: 1, place: 1 });
    expect(client.hands.map((one) => one.id)).toEqual(['her']);
    expect(client.state.notices).toMatchObject([{ kind: 'hand', name: 'Name her' }]);
    line().say({ kind: 'participant-joined', participant: participant('host', { isHost: true }) });
    const lower = { kind: 'lower-hand', stay, count: 1, deviceKey: her.deviceKey } as const;
    say(lower, certificate(9), 'stranger');
    expect(client.hands).toHaveLength(1);
    say(lower, certificate(9), 'host');
    expect(client.hands).toEqual([]);
  });

  it('that_nobody_can_read_is_a_line_of_its_own', () => {
    encryptionHost.heard({ kind: 'said', sender: her, participant: 'her', content: Uint8Array.of(1, 99) });
    encryptionHost.heard({ kind: 'unopened' });
    expect(client.messages.lines).toMatchObject([{ kind: 'unopened', count: 2 }]);
  });

  it('by_the_server_itself_is_nothing', () => {
    line().say({ kind: 'hand-changed', participantId: 'her', raisedAt: '2026-11-22T01:00:00Z' } as unknown as MeetingEvent);
    line().say({ kind: 'reaction', participantId: 'her', reaction: 'heart' } as unknown as MeetingEvent);
    expect(client.hands).toEqual([]);
    expect(client.state.notices).toEqual([]);
  });
});
