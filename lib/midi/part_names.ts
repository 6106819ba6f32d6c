/** Instrument kind named by a track, in any of the languages of notation programs. */
type NameKind = "piano" | "hand" | "drums" | "other";

const words = (text: string) => new Set(text.trim().split(/\s+/));

const PIANO = words(`
  piano pianos pianoforte fortepiano pianino pno pf klavier flügel fluegel klavír klavir klaver clavier zongora
  fortepian фортепиано пианино рояль клавир πιάνο ピアノ 钢琴 鋼琴 피아노 keyboard keyboards keys grand upright
  konzertflügel stutzflügel epiano rhodes
`);

/**
 * Separators between the words of a name, including the full stop of an abbreviation and
 * full-width signs.
 */
const BETWEEN_WORDS = /[\s\d_,;:()[\]/#&+（）［］「」【】・：／＿-]+|(?<=\p{L})\.(?=[\s)\]]|$)/u;

/** Names of staves and tracks for one hand. */
const HANDS = {
  right: words(`
    rh r.h. r.h md m.d. m.d right rechts rechte rechter destra droite derecha direita höger højre høyre pravá
    jobb prawa правая 右手 右 오른손 δεξί treble upper up oben rechterhand rechtehand dx oikea dreta r
  `),
  left: words(`
    lh l.h. l.h mg m.g. m.g left links linke linker sinistra gauche izquierda esquerda vänster venstre levá
    bal lewa левая 左手 左 왼손 αριστερό lower down unten linkerhand linkehand sx vasen esquerra l
  `),
} as const;

/**
 * Alternative names of the lower staff, beside one for the right hand; alone they name an
 * instrument.
 */
const BASS_STAVE = words("bass bassschlüssel baßschlüssel");

const HAND = new Set([...HANDS.right, ...HANDS.left, "primo", "secondo"]);

/** Hand named by a track's name; undefined where it names none, or both. */
export function handOfName(name: string): keyof typeof HANDS | undefined {
  const said = name.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2").toLowerCase().normalize("NFC") // pianoUpper
    .split(BETWEEN_WORDS);
  const right = said.some((word) => HANDS.right.has(word));
  const left = said.some((word) => HANDS.left.has(word) || BASS_STAVE.has(word));
  return right === left ? undefined : right ? "right" : "left";
}

const DRUMS = words(`
  drum drums drumset drumkit drumsticks percussion perc kick snare hihat hi-hat cymbal cymbals toms conga
  congas bongos tambourine claps schlagzeug schlagwerk perkussion batterie percussions percusión batería
  bateria percussão batteria percussioni slagverk trummor trommer trommeset rumpu bicí perkusja ударные
  барабаны ドラム ドラムス パーカッション 鼓 드럼
`);

const OTHER = words(`
  bass basses e-bass contrabass kontrabass kontrabaß bassgitarre basse contrebasse basso contrabbasso bajo
  contrabajo baixo contrabaixo basgitarre basgitaar bas бас контрабас ベース 贝斯 베이스
  string strings violin violins viola violas cello cellos violoncello streicher geige geigen violine violinen
  bratsche celli violoncelle violon violons cordes alto altos archi violino violini violoncelli cuerdas violín
  violines violonchelo cordas stråkar strygere skrzypce smyczki струнные скрипка альт виолончель ストリングス
  ヴァイオリン バイオリン チェロ 弦乐 小提琴 바이올린 첼로
  pad pads synth synthesizer lead choir chor chœur choeur coro kör kor chorus voice voices vocal vocals vox
  voix stimme gesang canto voz soprano tenor mezzo хор голос ボーカル コーラス 合唱
  flute flutes flöte flöten flûte flauto flauta piccolo recorder blockflöte oboe oboes hautbois clarinet
  clarinets klarinette clarinette clarinetto clarinete bassoon fagott basson fagotto fagot horn horns hörner
  cor corno trompa trumpet trumpets trompete trompette tromba trompeta trombone posaune trombón tuba sax saxes
  saxophone saxophon sassofono saxofón brass blech cuivres ottoni metales woodwind woodwinds bläser флейта
  гобой кларнет фагот валторна труба тромбон туба саксофон フルート クラリネット トランペット サックス
  guitar guitars gitarre gitarren guitare guitarra chitarra гитара ギター 吉他 기타 banjo mandolin ukulele
  harp harfe harpe arpa арфа ハープ organ orgel orgue organo órgano órgão орган オルガン accordion akkordeon
  accordéon fisarmonica bandoneon harmonica marimba vibraphone xylophone xylophon glockenspiel celesta timpani
  pauken timbales timpano orchestra orchestre orchester ensemble
`);

/** Words that may accompany an instrument's name. */
const BESIDE = words(`
  kit set acoustic electric electro elec slap finger fingered picked fretless double upright synth solo grand bright
  first second third i ii iii iv a b c 1st 2nd 3rd track part channel midi stereo new soft warm slow
  h clef droit queue à standard rack sub elettrico elettrica eléctrico eléctrica elétrico électrique elektrisch
  acoustique akustisch acústico acústica acustico acustica concert konzert chords comp steinway yamaha bösendorfer
  ableton live studio jazz rock pop orchestral ręka kéz рука käsi kéz mà el
  fast hand main mano mão hånd käsi hands mains and und et e y + & section staff system the of in muted
`);

/**
 * Instrument kind named by a track; undefined where the name is not clearly an instrument's, such
 * as a title that mentions one.
 */
export function kindOfName(name: string): NameKind | undefined {
  const said = name.toLowerCase().normalize("NFC").split(BETWEEN_WORDS)
    .filter((word) => word !== "");
  const is = (kind: ReadonlySet<string>) => said.some((word) => kind.has(word));
  const isPlain = said.every((word) =>
    [PIANO, HAND, DRUMS, OTHER, BESIDE].some((kind) => kind.has(word))
  );
  if (!isPlain) return undefined;
  if (is(DRUMS)) return "drums";
  return is(PIANO) ? "piano" : is(HAND) ? "hand" : is(OTHER) ? "other" : undefined;
}
