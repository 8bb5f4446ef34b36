import type { Component } from 'svelte';

/** What shows the call that the person is in, on whichever page they are; it comes with the meetings, and not before. */
let host = $state.raw<Component | undefined>();

export function callHost(): Component | undefined {
  return host;
}

export function setCallHost(component: Component | undefined): void {
  host = component;
}

let covers = $state(false);

/** Whether the call lies over the page, which then is out of reach: nobody tabs into what they can't see. */
export function callCoversPage(): boolean {
  return covers;
}

export function coverPage(isCovered: boolean): void {
  covers = isCovered;
}
