/** Microphone and loudspeaker of the browser. */

import { SoundError } from "./phone";
import type { Listener, Sound } from "./phone";

/** Open both; `worklet` is the address of the built `worklet.ts`. */
export async function openSound(worklet: string, listener: Listener): Promise<Sound> {
  if (!navigator.mediaDevices?.getUserMedia || !("AudioWorkletNode" in window)) {
    throw new SoundError("unsupported");
  }
  // Made while the caller's click still counts: browsers let no page make a sound unasked.
  const context = new AudioContext({ latencyHint: "interactive" });
  try {
    const [stream] = await Promise.all([openMicrophone(), context.audioWorklet.addModule(worklet)]);
    await context.resume();
    return connected(context, stream, listener);
  } catch (error) {
    void context.close();
    throw error;
  }
}

async function openMicrophone(): Promise<MediaStream> {
  const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };
  try {
    return await navigator.mediaDevices.getUserMedia({ audio });
  } catch (error) {
    const name = error instanceof DOMException ? error.name : "";
    throw new SoundError(
      name === "NotAllowedError" || name === "SecurityError" ? "no_permission" : "no_microphone",
    );
  }
}

function connected(context: AudioContext, stream: MediaStream, listener: Listener): Sound {
  const capture = new AudioWorkletNode(context, "capture", { numberOfOutputs: 0 });
  const playback = new AudioWorkletNode(context, "playback", {
    numberOfInputs: 0,
    outputChannelCount: [1],
  });
  context.createMediaStreamSource(stream).connect(capture);
  playback.connect(context.destination);
  capture.port.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => listener.onFrame(data);
  playback.port.onmessage = ({ data }: MessageEvent<{ mark: string }>) => listener.onMark(data.mark);
  for (const track of stream.getTracks()) track.onended = () => listener.onLost();
  return {
    play: (pcm) => playback.port.postMessage(pcm, [pcm]),
    mark: (mark) => playback.port.postMessage({ mark }),
    flush: () => playback.port.postMessage({ flush: true }),
    close: () => {
      for (const track of stream.getTracks()) track.stop();
      void context.close();
    },
  };
}
