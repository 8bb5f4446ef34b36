// A participant in the least code: mediasoup-client and SignalR, as the product's own page uses them, without anything to look at.
import { Device } from '../../../web/node_modules/mediasoup-client/lib/index.js';
import { HubConnectionBuilder, LogLevel } from '../../../web/node_modules/@microsoft/signalr/dist/esm/index.js';

const state = { kind: 'new', joins: 0, resumed: 0, errors: [], participants: new Map(), consumers: new Map(), speakers: [], layers: {} };
let hub, device, send, receive, resume, request, stream, sources = {}, producers = {};

/** @param {string} method @param {unknown[]} args */
async function command(method, ...args) {
  const { value, refusal } = await hub.invoke(method, ...args);
  if (refusal) throw new Error(`${method}: ${refusal.code} ${refusal.detail ?? ''}`);
  return value;
}

function openTransports(joined) {
  send = device.createSendTransport(joined.sendTransport);
  receive = device.createRecvTransport(joined.receiveTransport);
  for (const transport of [send, receive]) {
    // Answered at once: the server takes the browser's first packets before, after or while it is told.
    transport.on('connect', ({ dtlsParameters }, done) => {
      command('ConnectTransport', { transportId: transport.id, dtlsParameters }).catch(failed);
      done();
    });
  }
  send.on('produce', ({ kind, rtpParameters, appData }, done, refused) => {
    command('Produce', { transportId: send.id, kind, rtpParameters, source: appData.source, isPaused: false }).then(done, refused);
  });
}

async function publish() {
  for (const [source, track] of Object.entries(sources)) {
    const video = { encodings: [{ scaleResolutionDownBy: 4, maxBitrate: 150_000 }, { scaleResolutionDownBy: 2, maxBitrate: 400_000 }, { scaleResolutionDownBy: 1, maxBitrate: 900_000 }], codecOptions: { videoGoogleStartBitrate: 800 } };
    producers[source] = await send.produce({ track, stopTracks: false, appData: { source }, ...(source === 'camera' ? video : {}) });
  }
}

async function consume(described) {
  if (state.consumers.has(described.id)) return;
  const entry = { described, consumer: undefined };
  state.consumers.set(described.id, entry);
  const { id, producerId, kind, rtpParameters } = described;
  entry.consumer = await receive.consume({ id, producerId, kind, rtpParameters, streamId: described.participantId });
  const element = document.createElement(kind);
  Object.assign(element, { muted: kind === 'video', autoplay: true, playsInline: true, srcObject: new MediaStream([entry.consumer.track]) });
  document.body.append(element);
}

async function joined(event) {
  state.kind = 'joined';
  state.joins += 1;
  resume = event.resume;
  state.participants = new Map(event.participants.map((participant) => [participant.id, participant]));
  state.id = event.participantId;
  if (event.resumed) {
    state.resumed += 1;
  } else {
    send?.close();
    receive?.close();
    state.consumers.clear();
    openTransports(event);
    publish().catch(failed);
  }
  for (const described of event.consumers) consume(described).catch(failed);
}

function heard(event) {
  if (event.kind === 'joined') joined(event).catch(failed);
  else if (event.kind === 'new-consumer') consume(event.consumer).catch(failed);
  else if (event.kind === 'participant-joined') state.participants.set(event.participant.id, event.participant);
  else if (event.kind === 'participant-left') state.participants.delete(event.participantId);
  else if (event.kind === 'active-speakers') state.speakers = event.participantIds;
  else if (event.kind === 'consumer-layers-changed') state.layers[event.consumerId] = event.spatialLayer;
  else if (event.kind === 'waiting') state.kind = 'waiting';
  else if (event.kind === 'left') state.kind = `left ${event.reason} ${event.refusal?.code ?? ''}`;
}

function failed(error) {
  state.errors.push(String(error));
}

/** Opens a line and comes to the door; where the line breaks, comes back. */
async function come() {
  hub = new HubConnectionBuilder().withUrl(request.hub).configureLogging(LogLevel.None).build();
  hub.onclose(() => setTimeout(comeBack, 50));
  await hub.start();
  stream = hub.stream('JoinMeeting', { ...request.join, resume, rtpCapabilities: device.recvRtpCapabilities });
  stream.subscribe({ next: ({ events }) => events.forEach(heard), error() {}, complete() {} });
}

function comeBack() {
  if (!state.kind.startsWith('left')) come().catch(() => setTimeout(comeBack, 100));
}

export async function enter(given) {
  request = given;
  const router = await (await fetch('/api/v1/meetings/router')).json();
  device = await Device.factory();
  await device.load({ routerRtpCapabilities: router });
  if (given.publishes) {
    const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: request.width, height: request.width * 9 / 16, frameRate: 15 } });
    sources = { microphone: media.getAudioTracks()[0], camera: media.getVideoTracks()[0] };
  }
  await come();
}

/** Breaks the line without a word. */
export const loseLine = () => hub.stop();
export const restartIce = async () => {
  await send.restartIce({ iceParameters: await command('RestartIce', { transportId: send.id }) });
  await receive.restartIce({ iceParameters: await command('RestartIce', { transportId: receive.id }) });
};
export const producerOf = (consumerId) => state.consumers.get(consumerId).described.producerId;
export { command };

/** All that the browser says of what it sends and receives, for the message of a failure. */
export async function tell() {
  const said = [];
  for (const [name, what] of [...Object.entries(producers), ...[...state.consumers.values()].map(({ described, consumer }) => [`${described.kind} ${described.id}`, consumer])]) {
    if (!what) {
      said.push(`${name}: nothing`);
      continue;
    }
    for (const stat of (await what.getStats()).values()) {
      if (!/^(in|out)bound-rtp$|remote-inbound|transport/.test(stat.type)) continue;
      const { type, ssrc, rid, active, packetsSent, packetsReceived, framesEncoded, framesDecoded, keyFramesEncoded, keyFramesDecoded, pliCount, firCount, nackCount, packetsLost, frameWidth, qualityLimitationReason, targetBitrate, iceState, dtlsState, bytesReceived, bytesSent } = stat;
      said.push(`${name}: ${JSON.stringify({ type, ssrc, rid, active, packetsSent, packetsReceived, framesEncoded, framesDecoded, keyFramesEncoded, keyFramesDecoded, pliCount, firCount, nackCount, packetsLost, frameWidth, qualityLimitationReason, targetBitrate, iceState, dtlsState, bytesReceived, bytesSent })}`);
    }
  }
  return [`send ${send?.connectionState}, receive ${receive?.connectionState}`, ...said].join('\n');
}

/** What is received, and how far each has got. */
export async function look() {
  const received = [];
  for (const { described, consumer } of state.consumers.values()) {
    if (!consumer || consumer.closed) continue;
    for (const stat of (await consumer.getStats()).values()) {
      if (stat.type !== 'inbound-rtp') continue;
      received.push({ participantId: described.participantId, consumerId: described.id, kind: described.kind, packets: stat.packetsReceived, framesDecoded: stat.framesDecoded ?? 0, frameWidth: stat.frameWidth ?? 0, energy: stat.totalAudioEnergy ?? 0 });
    }
  }
  return { kind: state.kind, id: state.id ?? '', joins: state.joins, resumed: state.resumed, participants: state.participants.size, errors: state.errors, speakers: state.speakers, layers: Object.entries(state.layers).map(([id, layer]) => `${id}:${layer}`), received };
}
