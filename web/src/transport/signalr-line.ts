import { HttpTransportType, HubConnectionBuilder, LogLevel, type ISubscription } from '@microsoft/signalr';
import type { EventBatch, FeedLine } from './event-feed';

/** A line over SignalR. WebSocket first; where a proxy refuses it, SignalR falls back to server-sent events, then to long polling. */
export function signalrLine(url: string): FeedLine {
  const connection = new HubConnectionBuilder()
    .withUrl(url, { transport: HttpTransportType.WebSockets | HttpTransportType.ServerSentEvents | HttpTransportType.LongPolling })
    .configureLogging(LogLevel.None)
    .build();
  let subscription: ISubscription<EventBatch> | undefined;

  return {
    open: () => connection.start(),
    subscribe(after, receive, broken) {
      let told = false;
      const tell = (): void => {
        if (told) return;
        told = true;
        broken();
      };
      connection.onclose(tell);
      subscription = connection.stream<EventBatch>('Subscribe', after).subscribe({ next: receive, error: tell, complete: tell });
    },
    close() {
      subscription?.dispose();
      void connection.stop();
    },
  };
}
