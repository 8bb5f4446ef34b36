import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServerEvent } from '../../src/transport/event-feed';

/** SignalR's JSON protocol ends each message with the record separator. */
const separator = '\u001e';

interface HubMessage {
  readonly type?: number;
  readonly protocol?: string;
  readonly target?: string;
  readonly invocationId?: string;
  readonly arguments?: readonly unknown[];
}

interface Session {
  readonly stream: ServerResponse;
  invocation?: string;
  /** Of the stream of signals of rooms. */
  signals?: string;
}

/** The hub over server-sent events only: as a browser finds it behind a proxy that refuses WebSocket. */
export class ScriptedHub {
  readonly subscribedAfter: number[] = [];
  /** What whoever goes into a meeting is told first. */
  joined: unknown;
  private readonly sessions = new Map<string, Session>();
  private seq = 0;
  private connections = 0;

  async handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const id = url.searchParams.get('id') ?? '';
    if (url.pathname.endsWith('/negotiate')) {
      const connection = `c${++this.connections}`;
      response.setHeader('Content-Type', 'application/json');
      response.end(
        JSON.stringify({
          negotiateVersion: 1,
          connectionId: connection,
          connectionToken: connection,
          availableTransports: [{ transport: 'ServerSentEvents', transferFormats: ['Text'] }],
        }),
      );
    } else if (request.method === 'GET') {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write(': open\n\n');
      this.sessions.set(id, { stream: response });
      request.on('close', () => this.sessions.delete(id));
    } else if (request.method === 'POST') {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      for (const text of Buffer.concat(parts).toString('utf8').split(separator).filter(Boolean)) this.take(id, JSON.parse(text) as HubMessage);
      response.end();
    } else {
      response.end();
    }
  }

  /** Something happened: every session is told. */
  /** The number of the last event that was published. */
  get head(): number {
    return this.seq;
  }

  publish(kind: string, data: ServerEvent['data']): void {
    const seq = ++this.seq;
    for (const session of this.sessions.values()) {
      if (session.invocation) this.stream(session, { through: seq, events: [{ seq, at: new Date().toISOString(), kind, data }] });
    }
  }

  /** What a member lets the others know now. */
  signal(roomId: string, signal: string): void {
    for (const session of this.sessions.values())
      if (session.signals) send(session.stream, { type: 2, invocationId: session.signals, item: { roomId, signal } });
  }

  /** Breaks every line, as a server that is killed. */
  breakLines(): void {
    for (const session of this.sessions.values()) session.stream.destroy();
    this.sessions.clear();
  }

  stop(): void {
    this.breakLines();
  }

  private take(id: string, message: HubMessage): void {
    const session = this.sessions.get(id);
    if (!session) return;
    if (message.protocol) send(session.stream, {});
    if (message.type === 1 && message.invocationId) {
      const value = message.target === 'Produce' ? { id: `producer-${message.invocationId}` } : true;
      send(session.stream, { type: 3, invocationId: message.invocationId, result: { value, refusal: null } });
    } else if (message.target === 'JoinMeeting') {
      send(session.stream, { type: 2, invocationId: message.invocationId, item: { events: [this.joined] } });
    } else if (message.target === 'FollowRoomSignals' && message.invocationId) {
      session.signals = message.invocationId;
    } else if (message.type === 4 && message.invocationId) {
      session.invocation = message.invocationId;
      const after = Number(message.arguments?.[0]);
      this.subscribedAfter.push(after);
      if (after < 0) this.stream(session, { through: this.seq, events: [], reset: true });
    }
  }

  private stream(session: Session, item: unknown): void {
    send(session.stream, { type: 2, invocationId: session.invocation, item });
  }
}

function send(stream: ServerResponse, message: unknown): void {
  stream.write(`data: ${JSON.stringify(message)}${separator}\n\n`);
}
