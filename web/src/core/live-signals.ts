import type { RoomSignal } from '../transport/signalr-line';

/** Hands what members of a room let each other know now to whoever shows the room. */
class LiveSignals {
  private readonly receivers = new Set<(signal: RoomSignal) => void>();

  /** Returns how to stop. */
  on(receive: (signal: RoomSignal) => void): () => void {
    this.receivers.add(receive);
    return () => this.receivers.delete(receive);
  }

  deliver(signal: RoomSignal): void {
    for (const receive of [...this.receivers]) receive(signal);
  }
}

export const liveSignals = new LiveSignals();
