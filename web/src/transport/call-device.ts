import type { types } from 'mediasoup-client';
import type {
  Consumer,
  DtlsParameters,
  IceParameters,
  MediaKind,
  MediaSource,
  RtpCapabilities,
  RtpParameters,
  TransportDescription,
} from './meeting-signalling';

export type TransportState = 'new' | 'connecting' | 'connected' | 'failed' | 'disconnected' | 'closed';

export interface TransportHooks {
  /** The browser's certificate is known: the server may be told at leisure. */
  connect(dtlsParameters: DtlsParameters): void;
  /** The server gives the id of what is sent. Send transports only. */
  produce(kind: MediaKind, rtpParameters: RtpParameters, source: MediaSource, isPaused: boolean): Promise<string>;
  stateChanged(state: TransportState): void;
}

export interface CallProducer {
  readonly id: string;
  readonly paused: boolean;
  pause(): void;
  resume(): void;
  /** Of several sizes, those above this one (from 0) are not sent; where there is one only, nothing changes. */
  setHighestLayer(layer: number): void;
  replaceTrack(track: MediaStreamTrack): Promise<void>;
  getStats(): Promise<RTCStatsReport>;
  close(): void;
}

export interface CallConsumer {
  readonly id: string;
  readonly track: MediaStreamTrack;
  getStats(): Promise<RTCStatsReport>;
  close(): void;
}

export interface CallTransport {
  readonly id: string;
  readonly state: TransportState;
  produce(track: MediaStreamTrack, source: MediaSource, isPaused: boolean): Promise<CallProducer>;
  consume(consumer: Consumer): Promise<CallConsumer>;
  restartIce(iceParameters: IceParameters): Promise<void>;
  getStats(): Promise<RTCStatsReport>;
  close(): void;
}

/** What the browser can send and receive, once it has been told what the server can. */
export interface CallDevice {
  readonly rtpCapabilities: RtpCapabilities;
  openSendTransport(description: TransportDescription, hooks: TransportHooks): CallTransport;
  openReceiveTransport(description: TransportDescription, hooks: TransportHooks): CallTransport;
}

/**
 * Where end-to-end encryption is attached: each is called before negotiation completes, so no frame leaves or is shown before its transform.
 */
export interface FrameTransforms {
  /** `mimeType` is the codec's, as in `video/VP8`. */
  onSender(sender: RTCRtpSender, source: MediaSource, mimeType: string): void;
  onReceiver(receiver: RTCRtpReceiver, consumer: Consumer): void;
}

/**
 * Three sizes of a camera, so that each receiver gets what its screen and line can take; the library calls them r0 to r2. The bit rates are those at which VP8 looks
 * no better for more, at 320, 640 and 1280 pixels across.
 */
const cameraEncodings: types.RtpEncodingParameters[] = [
  { scaleResolutionDownBy: 4, maxBitrate: 150_000, scalabilityMode: 'L1T3' },
  { scaleResolutionDownBy: 2, maxBitrate: 500_000, scalabilityMode: 'L1T3' },
  { scaleResolutionDownBy: 1, maxBitrate: 1_500_000, scalabilityMode: 'L1T3' },
];

/** One size: text that is scaled down can't be read. */
const screenEncodings: types.RtpEncodingParameters[] = [{ maxBitrate: 2_500_000, scalabilityMode: 'L1T3' }];

/** The kilobits a video begins with, rather than creep up from 300. */
const startKilobits = 800;

/**
 * Loads mediasoup-client, which only those in a call need, and prepares it.
 * @throws Error where the browser has no WebRTC that the library knows.
 */
export async function mediasoupDevice(router: RtpCapabilities, transforms?: FrameTransforms): Promise<CallDevice> {
  const { Device } = await import('mediasoup-client');
  const device = await Device.factory();
  await device.load({ routerRtpCapabilities: router as types.RtpCapabilities });
  const codecs = device.sendRtpCapabilities.codecs ?? [];
  const vp8 = codecs.find((codec) => codec.mimeType.toLowerCase() === 'video/vp8');

  const mimeTypeOf = ({ kind }: MediaStreamTrack): string =>
    (kind === 'video' && vp8 ? vp8 : codecs.find((codec) => codec.mimeType.toLowerCase().startsWith(`${kind}/`)))?.mimeType ?? '';

  /** Our own options of a source: forward error correction and silence suppression for speech, neither for what a screen plays. */
  const producing = (track: MediaStreamTrack, source: MediaSource, isPaused: boolean): types.ProducerOptions => ({
    track,
    stopTracks: false,
    disableTrackOnPause: true,
    zeroRtpOnPause: false,
    appData: { source, isPaused },
    streamId: source.startsWith('screen') ? 'screen' : 'person',
    ...(track.kind === 'audio'
      ? { codecOptions: { opusFec: true, opusDtx: source === 'microphone', opusStereo: source === 'screen-audio' } }
      : {
          encodings: source === 'screen' ? screenEncodings : cameraEncodings,
          codecOptions: { videoGoogleStartBitrate: startKilobits },
          ...(vp8 ? { codec: vp8 } : {}),
        }),
    ...(transforms ? { onRtpSender: (sender: RTCRtpSender) => transforms.onSender(sender, source, mimeTypeOf(track)) } : {}),
  });

  const open = (transport: types.Transport, hooks: TransportHooks): CallTransport => {
    transport.on('connect', ({ dtlsParameters }, done) => {
      // The server takes the browser's first packets before, after or while it is told: waiting would cost a round trip.
      hooks.connect(dtlsParameters as unknown as DtlsParameters);
      done();
    });
    transport.on('produce', ({ kind, rtpParameters, appData }, done, failed) => {
      const { source, isPaused } = appData as { source: MediaSource; isPaused: boolean };
      hooks.produce(kind, rtpParameters as unknown as RtpParameters, source, isPaused).then(
        (id) => done({ id }),
        (error: unknown) => failed(error instanceof Error ? error : new Error(String(error))),
      );
    });
    transport.on('connectionstatechange', (state) => hooks.stateChanged(state));
    return {
      id: transport.id,
      get state() {
        return transport.connectionState;
      },
      async produce(track, source, isPaused) {
        const producer = await transport.produce(producing(track, source, isPaused));
        if (isPaused) producer.pause();
        return {
          id: producer.id,
          get paused() {
            return producer.paused;
          },
          setHighestLayer(layer) {
            const sizes = producer.rtpParameters.encodings?.length ?? 1;
            if (sizes > 1 && !producer.closed) void producer.setMaxSpatialLayer(Math.min(layer, sizes - 1)).catch(() => undefined);
          },
          pause: () => producer.pause(),
          resume: () => producer.resume(),
          replaceTrack: (other) => producer.replaceTrack({ track: other }),
          getStats: () => producer.getStats(),
          close: () => producer.close(),
        };
      },
      consume: (consumer) =>
        transport.consume({
          id: consumer.id,
          producerId: consumer.producerId,
          kind: consumer.kind,
          rtpParameters: consumer.rtpParameters as unknown as types.RtpParameters,
          // One stream for a face and its voice: the browser keeps their lips together.
          streamId: `${consumer.participantId}-${consumer.source.startsWith('screen') ? 'screen' : 'person'}`,
          ...(transforms ? { onRtpReceiver: (receiver: RTCRtpReceiver) => transforms.onReceiver(receiver, consumer) } : {}),
        }),
      restartIce: (iceParameters) => transport.restartIce({ iceParameters }),
      getStats: () => transport.getStats(),
      close: () => transport.close(),
    };
  };

  const described = (description: TransportDescription): types.TransportOptions => description as unknown as types.TransportOptions;
  return {
    rtpCapabilities: device.recvRtpCapabilities as unknown as RtpCapabilities,
    openSendTransport: (description, hooks) => open(device.createSendTransport(described(description)), hooks),
    openReceiveTransport: (description, hooks) => open(device.createRecvTransport(described(description)), hooks),
  };
}
