// @ts-check
// How the device answers a scan besides words: sound, vibration, and the class of the screen.

/** @typedef {"accepted"|"unknown_code"|"wrong_kind"|"wrong_one"|"not_now"|"again"} Outcome */

/** Per outcome: icon, class of the strip, class of the body, tones [Hz, Hz at the end, ms],
 * vibration (ms). */
const SIGNS = {
  accepted: { icon: "ok", strip: "s-ok", body: "", tones: [[1760, 1760, 80]], shake: [40] },
  unknown_code: {
    icon: "code-unknown", strip: "s-unknown", body: "out-code",
    tones: [[440, 440, 70], [440, 440, 70], [440, 440, 70]], shake: [60, 60, 60],
  },
  wrong_kind: {
    icon: "wrong-kind", strip: "s-warning", body: "out-kind",
    tones: [[880, 880, 120], [880, 880, 120]], shake: [120, 80, 120],
  },
  wrong_one: { icon: "wrong-one", strip: "s-refused", body: "out-other", tones: [[220, 220, 400]], shake: [400] },
  not_now: { icon: "not-now", strip: "s-held", body: "out-now", tones: [[220, 165, 600]], shake: [200, 100, 400] },
  again: {
    icon: "again", strip: "s-waiting", body: "",
    tones: [[988, 988, 90], [1319, 1319, 90]], shake: [80, 80],
  },
};

/** @type {AudioContext | undefined} */
let audio;

/** Sound is only allowed after a first touch or key: take the first one there is. */
export function unlock() {
  const start = () => {
    audio ??= new AudioContext();
    audio.resume();
  };
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, start, { once: true });
}

/** @param {string} outcome */
export function sign(outcome) {
  return SIGNS[/** @type {Outcome} */ (outcome)] ?? SIGNS.not_now;
}

/** Sound and shake. @param {string} outcome */
export function signal(outcome) {
  const { tones, shake } = sign(outcome);
  navigator.vibrate?.(shake);
  if (!audio || audio.state !== "running") return;
  let from = audio.currentTime;
  for (const [start, end, length] of tones) {
    const wave = audio.createOscillator();
    const level = audio.createGain();
    wave.frequency.setValueAtTime(start, from);
    wave.frequency.linearRampToValueAtTime(end, from + length / 1000);
    level.gain.setValueAtTime(0.3, from);
    level.gain.setValueAtTime(0, from + length / 1000);
    wave.connect(level).connect(audio.destination);
    wave.start(from);
    wave.stop(from + length / 1000);
    from += length / 1000 + 0.06;
  }
}

/** Give the whole screen an outcome, or take it away. @param {string} [outcome] */
export function paint(outcome) {
  const classes = document.body.classList;
  for (const name of [...classes]) if (/^(out|s)-/.test(name)) classes.remove(name);
  const { body, strip } = outcome ? sign(outcome) : { body: "", strip: "" };
  if (body) classes.add(body, strip);
}
