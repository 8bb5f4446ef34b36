import { describe, expect, it } from 'vitest';
import { untilAnswered } from '../../../src/core/until-answered';
import { ApiError } from '../../../src/transport/api-error';

describe('what must be known', () => {
  async function ask(answers: (string | ApiError)[], isWanted: (asked: number) => boolean = () => true): Promise<[string | undefined, number[]]> {
    const pauses: number[] = [];
    let asked = 0;
    const answer = await untilAnswered(
      () => {
        const next = answers[asked++] ?? 'more than was to be asked';
        return typeof next === 'string' ? Promise.resolve(next) : Promise.reject(next);
      },
      () => isWanted(asked),
      (milliseconds) => Promise.resolve(void pauses.push(milliseconds)),
    );
    return [answer, pauses];
  }

  it('is_asked_again_while_the_server_is_away_busy_or_broken_a_little_later_each_time', async () => {
    const failures = [ApiError.unreachable(), new ApiError('unavailable', 503, ''), new ApiError('internal', 500, '')];
    expect(await ask([...failures, ...failures, 'alerts'])).toEqual(['alerts', [1000, 2000, 4000, 8000, 15000, 15000]]);
  });

  it('is_not_asked_again_where_the_server_refused', async () => {
    expect(await ask([new ApiError('not-signed-in', 401, ''), 'alerts'])).toEqual([undefined, []]);
  });

  it('is_not_asked_once_nobody_wants_it', async () => {
    expect(await ask([ApiError.unreachable(), 'alerts'], (asked) => asked < 1)).toEqual([undefined, [1000]]);
  });
});
