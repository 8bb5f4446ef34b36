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
  VideoCodec,
} from './meeting-signalling';

export type TransportState = 'new' | 'connecting' | 'connected' | 'failed' | 'disconnected' | 'closed';

export interface TransportHooks {
  /** The browser's certificate is known: the server may be told at leisure. */
  connect(dtlsParameters: DtlsParameters): void;
  /** The server gives the id of what is sent. Send transports only. */
  produce(kind: MediaKind, rtpParameters: RtpParameters, source: MediaSource, isPaused: boolean, replaces: string | null): Promise<string>;
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

/** How a camera or a screen is sent; of sound nothing of it is looked at. */
export interface VideoSending {
  readonly codec: VideoCodec;
  /** The producer whose place it takes. */
  readonly replaces: string | null;
}

export interface CallTransport {
  readonly id: string;
  readonly state: TransportState;
  produce(track: MediaStreamTrack, source: MediaSource, isPaused: boolean, video: VideoSending): Promise<CallProducer>;
  consume(consumer: Consumer): Promise<CallConsumer>;
  restartIce(iceParameters: IceParameters): Promise<void>;
  getStats(): Promise<RTCStatsReport>;
  close(): void;
}

/** What the browser can send and receive, once it has been told what the server can. */
export interface CallDevice {
  readonly rtpCapabilities: RtpCapabilities;
  /** What this browser sends a source in, where the call would best have it in `wanted`. */
  videoCodecOf(source: MediaSource, wanted: VideoCodec): VideoCodec;
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

/** The same three sizes in one stream: on key frames the larger are made of the smaller, so that a receiver may change over there, and each goes on by itself after. */
const layeredCamera = 'L3T3_KEY';

/** What is left of the layers where nobody looks at the larger ones, by the highest that somebody does. */
const layeredCameraUpTo = [
  { scaleResolutionDownBy: 4, maxBitrate: 150_000, scalabilityMode: 'L1T3' },
  { scaleResolutionDownBy: 2, maxBitrate: 500_000, scalabilityMode: 'L2T3_KEY' },
  { scaleResolutionDownBy: 1, maxBitrate: 1_500_000, scalabilityMode: layeredCamera },
] as const;

/** One size: text that is scaled down can't be read. */
const screenEncodings: types.RtpEncodingParameters[] = [{ maxBitrate: 2_500_000, scalabilityMode: 'L1T3' }];

/** Without layers in time: the server can't tell them in H264, which has no descriptor of its own. */
const withoutLayers = (encodings: types.RtpEncodingParameters[]): types.RtpEncodingParameters[] =>
  encodings.map(({ scalabilityMode: _, ...encoding }) => encoding);

/** Of a machine that encodes VP9. */
const fewestProcessors = 4;

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
  const sends = (codec: VideoCodec): types.RtpCodecCapability | undefined => codecs.find((one) => one.mimeType.toLowerCase() === codec.toLowerCase());
  const knowsLayers = await encodesLayers();
  const makesLayers = knowsLayers && sends('video/VP9') !== undefined && isStrong();

  const videoCodecOf = (source: MediaSource, wanted: VideoCodec): VideoCodec => {
    const known: readonly VideoCodec[] = [wanted, 'video/VP8', 'video/H264'];
    return known.find((codec) => (codec !== 'video/VP9' || (source === 'camera' && makesLayers)) && sends(codec)) ?? 'video/VP8';
  };

  const encodingsOf = (source: MediaSource, codec: VideoCodec): types.RtpEncodingParameters[] => {
    if (codec === 'video/VP9') return [{ ...layeredCameraUpTo[2] }];
    const encodings = source === 'screen' ? screenEncodings : cameraEncodings;
    return codec === 'video/H264' ? withoutLayers(encodings) : encodings;
  };

  /** Our own options of a source: forward error correction and silence suppression for speech, neither for what a screen plays. */
  const producing = (track: MediaStreamTrack, source: MediaSource, isPaused: boolean, video: VideoSending): types.ProducerOptions => ({
    track,
    stopTracks: false,
    disableTrackOnPause: true,
    zeroRtpOnPause: false,
    appData: { source, isPaused, replaces: video.replaces },
    streamId: source.startsWith('screen') ? 'screen' : 'person',
    ...(track.kind === 'audio'
      ? { codecOptions: { opusFec: true, opusDtx: source === 'microphone', opusStereo: source === 'screen-audio' } }
      : {
          encodings: encodingsOf(source, video.codec),
          codecOptions: { videoGoogleStartBitrate: startKilobits },
          ...codecOption(sends(video.codec)),
        }),
    ...(transforms
      ? { onRtpSender: (sender: RTCRtpSender) => transforms.onSender(sender, source, track.kind === 'audio' ? 'audio/opus' : video.codec) }
      : {}),
  });

  const open = (transport: types.Transport, hooks: TransportHooks): CallTransport => {
    transport.on('connect', ({ dtlsParameters }, done) => {
      // The server takes the browser's first packets before, after or while it is told: waiting would cost a round trip.
      hooks.connect(dtlsParameters as unknown as DtlsParameters);
      done();
    });
    transport.on('produce', ({ kind, rtpParameters, appData }, done, failed) => {
      const { source, isPaused, replaces } = appData as { source: MediaSource; isPaused: boolean; replaces: string | null };
      hooks.produce(kind, rtpParameters as unknown as RtpParameters, source, isPaused, replaces).then(
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
      async produce(track, source, isPaused, video) {
        const producer = await transport.produce(producing(track, source, isPaused, video));
        if (isPaused) producer.pause();
        const isLayered = source === 'camera' && video.codec === 'video/VP9';
        return {
          id: producer.id,
          get paused() {
            return producer.paused;
          },
          setHighestLayer(layer) {
            if (producer.closed) return;
            if (isLayered) limitLayers(producer.rtpSender, layer);
            const sizes = producer.rtpParameters.encodings?.length ?? 1;
            if (sizes > 1) void producer.setMaxSpatialLayer(Math.min(layer, sizes - 1)).catch(() => undefined);
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
    // Whether layers are shown whose frames are sealed was seen only of browsers that make some themselves: of others it is not said.
    rtpCapabilities: (knowsLayers ? device.recvRtpCapabilities : withoutVp9(device.recvRtpCapabilities)) as unknown as RtpCapabilities,
    videoCodecOf,
    openSendTransport: (description, hooks) => open(device.createSendTransport(described(description)), hooks),
    openReceiveTransport: (description, hooks) => open(device.createRecvTransport(described(description)), hooks),
  };
}

function codecOption(codec: types.RtpCodecCapability | undefined): Partial<types.ProducerOptions> {
  return codec ? { codec } : {};
}

/** Without hardware for it, VP9 takes an encoder about twice what VP8 does: phones and small machines spare themselves that. */
function isStrong(): boolean {
  const { hardwareConcurrency, userAgentData } = navigator as Navigator & { readonly userAgentData?: { readonly mobile?: boolean } };
  return hardwareConcurrency >= fewestProcessors && userAgentData?.mobile !== true;
}

function withoutVp9(capabilities: types.RtpCapabilities): types.RtpCapabilities {
  return { ...capabilities, codecs: (capabilities.codecs ?? []).filter(({ mimeType }) => mimeType.toLowerCase() !== 'video/vp9') };
}

/** Whether VP9 can be encoded in layers: Firefox makes one only, which the server could give nobody smaller. */
async function encodesLayers(): Promise<boolean> {
  const video = { contentType: 'video/VP9', width: 1280, height: 720, bitrate: 1_500_000, framerate: 30, scalabilityMode: layeredCamera };
  try {
    return (await navigator.mediaCapabilities.encodingInfo({ type: 'webrtc', video })).supported && 'scalabilityMode' in layersSaid();
  } catch {
    return false;
  }
}

/** @remarks W3C webrtc-svc, which the types do not know yet. */
type LayeredEncoding = RTCRtpEncodingParameters & { scalabilityMode?: string };

/** A browser that knows no layers leaves out what it was told of them. */
function layersSaid(): object {
  const connection = new RTCPeerConnection();
  try {
    const sendEncodings: LayeredEncoding[] = [{ scalabilityMode: layeredCamera }];
    const { sender } = connection.addTransceiver('video', { sendEncodings });
    return sender.getParameters().encodings[0] ?? {};
  } finally {
    connection.close();
  }
}

/** Larger layers than anybody looks at are not made. */
function limitLayers(sender: RTCRtpSender | undefined, layer: number): void {
  const parameters = sender?.getParameters();
  const [encoding]: LayeredEncoding[] = parameters?.encodings ?? [];
  const limit = layeredCameraUpTo[Math.min(layer, layeredCameraUpTo.length - 1)];
  if (!sender || !parameters || !encoding || !limit || encoding.scalabilityMode === limit.scalabilityMode) return;
  Object.assign(encoding, limit);
  // Refused where the sender has stopped meanwhile: nothing is sent then.
  void sender.setParameters(parameters).catch(() => undefined);
}
