/// <reference lib="dom" />

const SAMPLE_RATE = 44_100;

/** URL of a mono WAV file, decoded from an MP3 within a page, so that it needs no network. */
export async function wavOf(mp3: string): Promise<string> {
  const context = new OfflineAudioContext(1, 1, SAMPLE_RATE);
  const bytes = Uint8Array.from(atob(mp3.slice(mp3.indexOf(",") + 1)), (c) => c.charCodeAt(0));
  const samples = (await context.decodeAudioData(bytes.buffer)).getChannelData(0);
  const view = new DataView(new ArrayBuffer(44 + 2 * samples.length));
  const text = (at: number, letters: string) =>
    [...letters].forEach((c, index) => view.setUint8(at + index, c.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, 36 + 2 * samples.length, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, SAMPLE_RATE, true);
  view.setUint32(28, 2 * SAMPLE_RATE, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, 2 * samples.length, true);
  samples.forEach((value, index) =>
    view.setInt16(44 + 2 * index, Math.max(-1, Math.min(1, value)) * 32_767, true)
  );
  return URL.createObjectURL(new Blob([view], { type: "audio/wav" }));
}
