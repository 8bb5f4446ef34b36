import { describe, expect, it } from 'vitest';
import { CallCounts, silentMilliseconds, tellMilliseconds, tellSoonMilliseconds } from '../../../../src/core/meetings/call-counts';
import { CallMessages, type CallLine, type Speaker } from '../../../../src/core/meetings/call-messages.svelte';
import { readCallContent } from '../../../../src/e2ee/calls/call-content';

const settled = (): Promise<void> => new Promise((done) => setTimeout(done, 0));

/** A clock that runs what is due, in order. */
class Clock {
  time = 0;
  private due: { readonly at: number; readonly run: () => void }[] = [];
  readonly schedule = (milliseconds: number, run: () => void): (() => void) => {
    const one = { at: this.time + milliseconds, run };
    this.due.push(one);
    return () => (this.due = this.due.filter((other) => other !== one));
  };
  readonly now = (): Date => new Date(this.time);

  async pass(milliseconds: number): Promise<void> {
    await settled();
    const end = this.time + milliseconds;
    for (;;) {
      const [next] = this.due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.time = Math.max(this.time, next.at);
      this.due = this.due.filter((one) => one !== next);
      next.run();
      await settled();
    }
    this.time = end;
  }

  /** The device was asleep: what was due is run late. */
  sleep(milliseconds: number): void {
    this.time += milliseconds;
  }
}

/** Two pages of a call with a server between them, which holds back what it is told to. They seal what they say: the server sees only who sends, and when. */
class Page {
  readonly messages: CallMessages;
  readonly counts: CallCounts;
  other: Page | undefined;
  isThere = true;
  sent = 0;

  constructor(
    readonly name: string,
    clock: Clock,
    private readonly passes: (from: string, nth: number) => boolean,
  ) {
    this.messages = new CallMessages({
      say: (content) => {
        const bytes = content();
        if (this.passes(this.name, this.sent++)) this.other?.hear(bytes, this.name);
        return Promise.resolve();
      },
      said: () => this.counts.said(),
      now: clock.now,
    });
    this.counts = new CallCounts({
      tell: () => this.messages.tellCount(),
      others: () => (this.other?.isThere ? [this.other.name] : []),
      fellSilent: (device) => this.messages.fellSilent(speaker(device)),
      schedule: clock.schedule,
      now: clock.now,
    });
  }

  get lines(): readonly string[] {
    return this.messages.lines.filter((line) => line.kind !== 'text' || line.speaker !== null).map(shown);
  }

  private hear(bytes: Uint8Array, from: string): void {
    const content = readCallContent(bytes);
    if (content?.kind !== 'text' && content?.kind !== 'count') return;
    this.counts.heard(from);
    if (content.kind === 'text') this.messages.hear(content, from, speaker(from));
    else this.messages.hearCount(content, from, speaker(from));
  }
}

const speaker = (name: string): Speaker => ({ name, device: name, standing: 'device' });

function shown(line: CallLine): string {
  if (line.kind === 'text') return line.text;
  return line.kind === 'silent' ? `silent ${line.speaker.name}` : `${line.kind} ${line.count}`;
}

function call(passes: (from: string, nth: number) => boolean = () => true): { clock: Clock; anna: Page; omar: Page } {
  const clock = new Clock();
  const [anna, omar] = [new Page('Anna', clock, passes), new Page('Omar', clock, passes)];
  [anna.other, omar.other] = [omar, anna];
  anna.counts.begin();
  omar.counts.begin();
  return { clock, anna, omar };
}

describe('the counts of a call', () => {
  it('a_server_that_holds_back_the_last_message_is_noticed_by_who_should_have_had_it', async () => {
    // Of Anna's: a count, a text, and a second text that does not pass.
    const { clock, anna, omar } = call((from, nth) => from !== 'Anna' || nth !== 3);
    anna.messages.write('Evacuate by the west stairs');
    await clock.pass(tellSoonMilliseconds);
    anna.messages.write('NOT the west stairs');
    await clock.pass(0);
    expect(omar.lines).toEqual(['Evacuate by the west stairs']);
    await clock.pass(tellSoonMilliseconds);
    expect(omar.lines).toEqual(['Evacuate by the west stairs', 'missing 1']);
    expect(anna.lines).toEqual([]);
  });

  it('also_the_first_and_only_one_where_a_count_came_before_it', async () => {
    const { clock, anna, omar } = call((from, nth) => from !== 'Anna' || nth !== 1);
    anna.messages.write('Lift B is out of order');
    await clock.pass(tellSoonMilliseconds);
    expect(omar.lines).toEqual(['missing 1']);
  });

  it('a_server_that_holds_back_the_counts_as_well_is_noticed_by_the_silence', async () => {
    const { clock, anna, omar } = call((from, nth) => from !== 'Anna' || nth < 1);
    anna.messages.write('Lift B is out of order');
    await clock.pass(silentMilliseconds - 1);
    expect(omar.lines).toEqual([]);
    await clock.pass(2 * tellMilliseconds);
    expect(omar.lines).toEqual(['silent Anna']);
    // It is told once.
    await clock.pass(10 * tellMilliseconds);
    expect(omar.lines).toEqual(['silent Anna']);
    expect(anna.lines).toEqual([]);
  });

  it('also_of_somebody_of_whom_nothing_ever_came', async () => {
    const { clock, omar } = call((from) => from !== 'Anna');
    await clock.pass(silentMilliseconds + 2 * tellMilliseconds);
    expect(omar.lines).toEqual(['silent Anna']);
  });

  it('an_honest_hour_of_silence_says_nothing', async () => {
    const { clock, anna, omar } = call();
    await clock.pass(3_600_000);
    expect([anna.lines, omar.lines]).toEqual([[], []]);
    expect(anna.sent).toBe(61);
  });

  it('who_left_who_lost_the_line_and_who_slept_are_not_suspected', async () => {
    const { clock, anna, omar } = call((from) => from !== 'Anna');
    await clock.pass(silentMilliseconds - tellMilliseconds);
    omar.counts.resume();
    await clock.pass(tellMilliseconds);
    clock.sleep(10 * tellMilliseconds);
    await clock.pass(tellMilliseconds);
    expect(omar.lines).toEqual([]);
    anna.isThere = false;
    await clock.pass(10 * tellMilliseconds);
    expect(omar.lines).toEqual([]);
    omar.counts.end();
    anna.isThere = true;
    await clock.pass(10 * tellMilliseconds);
    expect(omar.lines).toEqual([]);
  });
});
