import { afterEach, describe, expect, it, vi } from 'vitest';
import type * as Mode from '../../../src/core/mode.svelte';

/** As a page that was just loaded: nothing is known but what the browser kept. */
async function freshPage(): Promise<typeof Mode> {
  vi.resetModules();
  return import('../../../src/core/mode.svelte');
}

afterEach(() => localStorage.clear());

describe('exercise notice', () => {
  it('there_is_none_where_no_exercise_runs', async () => {
    const mode = await freshPage();
    mode.setUnderWay({ exercise: false, real: true });
    expect(mode.exerciseNotice()).toBeUndefined();
    expect(mode.isExercise()).toBe(false);
  });

  it('a_running_exercise_is_said_on_every_page', async () => {
    const mode = await freshPage();
    mode.setUnderWay({ exercise: true, real: false });
    expect(mode.exerciseNotice()).toBe('nothing-real');
    expect(mode.isExercise()).toBe(true);
  });

  it('beside_a_real_alert_nothing_wears_violet', async () => {
    const mode = await freshPage();
    mode.setUnderWay({ exercise: true, real: true });
    expect(mode.exerciseNotice()).toBe('real-as-well');
    expect(mode.isExercise()).toBe(false);
  });

  it('it_is_there_right_after_the_page_was_loaded_anew_and_gone_once_it_ended', async () => {
    (await freshPage()).setUnderWay({ exercise: true, real: false });
    expect((await freshPage()).exerciseNotice()).toBe('nothing-real');
    (await freshPage()).setUnderWay({ exercise: false, real: false });
    expect((await freshPage()).exerciseNotice()).toBeUndefined();
  });

  it('what_the_browser_kept_is_not_trusted_to_be_well_formed', async () => {
    for (const kept of ['{', 'null', '"yes"', '{"exercise":"yes"}']) {
      localStorage.setItem('tocsin.underWay', kept);
      expect((await freshPage()).exerciseNotice()).toBeUndefined();
    }
  });

  it('nothing_is_remembered_for_the_next_person', async () => {
    const mode = await freshPage();
    mode.setUnderWay({ exercise: true, real: false });
    mode.forgetUnderWay();
    expect((await freshPage()).exerciseNotice()).toBeUndefined();
  });
});
