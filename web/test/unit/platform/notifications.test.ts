import { beforeEach, expect, it, vi } from 'vitest';
import { showNotification, shownNotifications } from '../../../src/platform/service-worker/notifications';

/** What the browser was asked, in order; each is answered when the test says so. */
let asked: { readonly what: string; readonly answer: () => void }[];

beforeEach(() => {
  asked = [];
  const ask = (what: string): Promise<void> => new Promise((resolve) => asked.push({ what, answer: resolve }));
  vi.stubGlobal('self', {
    registration: {
      showNotification: (title: string) => ask(`show ${title}`),
      getNotifications: async ({ tag }: { readonly tag: string }) => (await ask(`ask ${tag}`), [tag]),
    },
  });
});

async function settled(): Promise<string[]> {
  await new Promise((resolve) => setTimeout(resolve));
  return asked.map(({ what }) => what);
}

it('none_is_asked_for_while_one_is_being_shown_and_none_is_shown_while_some_are_asked_for', async () => {
  const alert = showNotification('alert', {});
  const room = shownNotifications('room');
  expect(await settled()).toEqual(['show alert']);
  // Alerts wait for no other notification.
  const second = showNotification('second', {});
  expect(await settled()).toEqual(['show alert', 'show second']);
  asked[0]?.answer();
  await alert;
  expect(await settled()).toEqual(['show alert', 'show second']);
  asked[1]?.answer();
  await second;
  expect(await settled()).toEqual(['show alert', 'show second', 'ask room']);
  const third = showNotification('third', {});
  expect(await settled()).toEqual(['show alert', 'show second', 'ask room']);
  asked[2]?.answer();
  expect(await room).toEqual(['room']);
  expect(await settled()).toEqual(['show alert', 'show second', 'ask room', 'show third']);
  asked[3]?.answer();
  await third;
});

it('what_cannot_be_shown_or_said_holds_up_nothing', async () => {
  vi.stubGlobal('self', {
    registration: {
      showNotification: () => Promise.reject(new TypeError('not allowed')),
      getNotifications: () => Promise.reject(new Error('no storage')),
    },
  });
  await expect(showNotification('alert', {})).rejects.toThrow('not allowed');
  await expect(shownNotifications('room')).rejects.toThrow('no storage');
  await expect(showNotification('alert', {})).rejects.toThrow('not allowed');
});
