/** What somebody in support asks for first, of one direction of a call. Absent where nothing is known yet. */
export interface DirectionFigures {
  readonly roundTripMilliseconds?: number;
  /** 0 to 100, over the time between two readings. */
  readonly lostPercent?: number;
  readonly kilobits?: number;
  readonly path?: 'udp' | 'tcp';
  readonly codecs: readonly string[];
  /** "1280 × 720, 30/s" of the largest video. */
  readonly resolution?: string;
}

/** Counters of an earlier reading, to say what happened since. */
export interface Counters {
  readonly at: number;
  readonly bytes: number;
  readonly packets: number;
  readonly lost: number;
}

interface Entry {
  readonly id: string;
  readonly type: string;
  readonly [member: string]: unknown;
}

/**
 * Reads one transport's statistics.
 * @remarks W3C webrtc-stats: candidate-pair, inbound-rtp, outbound-rtp, remote-inbound-rtp, codec. Browsers leave members out.
 */
export function readFigures(report: RTCStatsReport, now: number, before?: Counters): { figures: DirectionFigures; counters: Counters } {
  const entries = new Map<string, Entry>();
  report.forEach((value: unknown) => {
    const entry = value as Entry;
    entries.set(entry.id, entry);
  });
  const all = [...entries.values()];
  const streams = all.filter((one) => one.type === 'inbound-rtp' || one.type === 'outbound-rtp');
  const remote = all.filter((one) => one.type === 'remote-inbound-rtp');
  const pair = selectedPair(all, entries);
  const counters: Counters = {
    at: now,
    bytes: sum(streams, 'bytesReceived') + sum(streams, 'bytesSent'),
    packets: sum(streams, 'packetsReceived') + sum(streams, 'packetsSent'),
    lost: sum(streams, 'packetsLost') + sum(remote, 'packetsLost'),
  };
  const seconds = before ? (now - before.at) / 1000 : 0;
  const lost = before ? Math.max(0, counters.lost - before.lost) : 0;
  const packets = before ? counters.packets - before.packets : 0;
  const roundTrip = number(pair?.['currentRoundTripTime']);
  const path = protocolOf(pair, entries);
  const video = largestVideo(streams);
  return {
    counters,
    figures: {
      codecs: [...new Set(streams.map((one) => codecOf(one, entries)).filter((name) => name !== ''))].sort(),
      ...(roundTrip === undefined ? {} : { roundTripMilliseconds: Math.round(roundTrip * 1000) }),
      ...(before && seconds > 0 ? { kilobits: Math.max(0, Math.round(((counters.bytes - before.bytes) * 8) / seconds / 1000)) } : {}),
      ...(before && packets + lost > 0 ? { lostPercent: Math.round((1000 * lost) / (packets + lost)) / 10 } : {}),
      ...(path ? { path } : {}),
      ...(video ? { resolution: video } : {}),
    },
  };
}

function selectedPair(all: readonly Entry[], entries: ReadonlyMap<string, Entry>): Entry | undefined {
  const transport = all.find((one) => one.type === 'transport' && typeof one['selectedCandidatePairId'] === 'string');
  const named = transport ? entries.get(String(transport['selectedCandidatePairId'])) : undefined;
  return (
    named ??
    all.find((one) => one.type === 'candidate-pair' && one['state'] === 'succeeded' && (one['nominated'] === true || one['selected'] === true))
  );
}

function protocolOf(pair: Entry | undefined, entries: ReadonlyMap<string, Entry>): 'udp' | 'tcp' | undefined {
  const protocol = pair && entries.get(String(pair['remoteCandidateId']))?.['protocol'];
  return protocol === 'udp' || protocol === 'tcp' ? protocol : undefined;
}

function codecOf(stream: Entry, entries: ReadonlyMap<string, Entry>): string {
  return String(entries.get(String(stream['codecId']))?.['mimeType'] ?? '').replace(/^\w+\//, '');
}

function largestVideo(streams: readonly Entry[]): string | undefined {
  const [largest] = streams
    .filter((one) => (number(one['frameWidth']) ?? 0) > 0)
    .sort((a, b) => (number(b['frameWidth']) ?? 0) - (number(a['frameWidth']) ?? 0));
  if (!largest) return undefined;
  const rate = number(largest['framesPerSecond']);
  return `${String(largest['frameWidth'])} × ${String(largest['frameHeight'])}${rate === undefined ? '' : `, ${Math.round(rate)}/s`}`;
}

function sum(entries: readonly Entry[], member: string): number {
  return entries.reduce((total, one) => total + (number(one[member]) ?? 0), 0);
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
