// Where the numbers of the pitchwise kernels' blocks lie, as indices of 32-bit words. Read by the
// kernels and by the folder above, which fills the blocks in.

// The network block: sizes, the rows at which the tables begin, and the addresses of its buffers.
export const PITCHES = 0; // P, pitches of the keyboard
export const LOWEST = 1; // MIDI pitch of the first
export const WIDTH = 2; // H, hidden units per pitch, a multiple of 24
export const LAYERS = 3; // dense layers after the first
export const STATES = 4; // C, ways in which a pitch can sound: 1, or 2 with attacks (struck, held)
export const LAGS = 5;
export const LAG_TABLE = 6; // address of LAGS records: see Lag in features.ts
export const WINDOW = 7; // frames back that the summaries per pitch look
export const REACH = 8; // pitches below that are seen one by one
export const ABSOLUTE = 9; // first rows of the tables, in this order
export const BELOW = 10;
export const BELOW_FOLDED = 11;
export const RANK = 12;
export const POLYPHONY = 13;
export const PROFILE = 14;
export const SINCE = 15;
export const AGE = 16;
export const COUNT = 17;
export const ECHO = 18;
export const ECHO_RADIUS = 19;
export const ROWS = 20; // rows in all
export const PARAMETERS = 21; // numbers in all, padded to a multiple of 4
export const WEIGHTS = 22; // address of the weights that are used
export const GRADIENTS = 23; // address of one gradient of PARAMETERS numbers per thread
export const SCRATCH = 24; // address of the first thread's scratch
export const SCRATCH_BYTES = 25; // per thread
export const SPANS = 26; // how many spans fit
export const DROPOUT = 27; // f32, share of hidden units dropped in training
export const INPUT_DROPOUT = 28; // f32, share of input spans dropped in training
export const PAST_NOISE = 29; // f32, share of past notes that are moved in training
export const CLASSES = 30; // first rows of the plan's tables: pitch classes of half bar and bar,
export const OUTLINE = 31; // then the distance from the highest and the lowest note of the beat
export const OUTLINE_RADIUS = 32;
export const OWN = 33; // address of NETWORK_WORDS words per thread: the block as one target sees it
export const NETWORK_WORDS = 34;

// The music block.
export const IDS = 0; // address of the frames' combination ids, i32
export const STARTS = 1; // address: where each combination's codes start, i32, one more at the end
export const CODES = 2; // address of the codes: pitch, or pitch + 128 when held, u8
export const INFORMATION = 3; // address of FRAME_WORDS words per frame
export const TARGETS = 4; // address of TARGET_WORDS words per frame to be predicted
export const LOSSES = 5; // address of one f64 per target
export const COUNT_OF_TARGETS = 6;
export const PIECES = 7; // address of offset and length of each piece, i32, while echoes are sought
export const COUNT_OF_PIECES = 8;
export const MASKS = 9; // address of a bit per sounding pitch for each combination, while …
export const ECHO_SCRATCH = 10; // address of ECHO_SCRATCH_BYTES per thread, while …
export const MUSIC_WORDS = 11;

// A target.
export const FRAME = 0; // index of the frame to be predicted
export const SEED = 1; // random word
export const GROUPS = 2; // bits: which groups of the plan the network is told
export const TRANSPOSE = 3; // semitones that the music is moved by in training
export const FAMILY = 4; // drawing: number of the pasts that are the same up to
export const OWN_FRAMES = 5; // so many frames back; 0: to the end
export const TARGET_WORDS = 6;

// Groups of what a plan says.
export const LIKENESS = 1;
export const FULLNESS = 2;
export const HARMONY = 4;
export const RHYTHM = 8;
export const SHAPE = 16;
export const POSITION = 32;
export const ALL_GROUPS = 63;

// What is known of a frame beside its notes.
export const PIECE_START = 0; // index of the piece's first frame
export const ECHO_FRAME = 1; // frames that followed a like past, and that of the plan; or −1
export const ECHO_KIND = 4; // and how like it was, 0 to ECHO_KINDS − 1
export const ECHO_TRANSPOSE = 7; // semitones that the plan's is moved by
export const PLACES = 8; // rows that say the place in the bar, or −1
export const PLACE_COUNT = 3;
export const ECHOES = 3;
export const PLANNED = 11; // rows that say what the plan's bar is like, or −1
export const FULLNESS_ROWS = 5; // the first of them: fullness; then one of rhythm, two of position
export const PLANNED_COUNT = 8;
export const HALF_CLASSES = 19; // bits: pitch classes of the plan's half bar; 0 where nothing is said
export const BAR_CLASSES = 20; // of its bar
export const TOP = 21; // the highest pitch of the plan's beat, or −1
export const BOTTOM = 22; // the lowest
export const ONSETS = 23; // notes that begin in the plan's step, or −1
export const FRAME_WORDS = 24;

export const RANKS = 8;
export const POLYPHONIES = 10;
export const HORIZONS = 3;
export const BUCKETS = 14;

// The update block.
export const RATE = 0; // f32, the learning rate / (1 − β1^t)
export const DECAY = 1; // f32, factor on decayed weights
export const MOMENT_1 = 2;
export const MOMENT_2 = 3;
export const AVERAGE = 4;
export const AVERAGE_SHARE = 5; // f32, how far the average moves
export const CORRECTION = 6; // f32, 1 / (1 − β2^t)
export const SQUARES = 7; // address of one f64 per thread
export const CLIP = 8; // f32
export const ANCHOR = 9; // address of the weights that decay leads to, or 0: to nothing
export const UPDATE_WORDS = 10;

// The drawing block.
export const TEMPERATURE = 0; // f32
export const TOP_K = 1;
export const TOP_P = 2; // f32
export const AVOIDED = 3; // address of DRAWN_BYTES bytes per target: a frame to avoid
export const DRAWN = 4; // address of DRAWN_BYTES bytes per target: how many notes, then their codes
export const LOGIT_BIASES = 5; // address of two f32 per target, added to ln of the chance of "no more"
// and of each note that begins
export const SILENCE_BARRED = 6; // address of a byte per target: whether something has to sound
export const LONGEST_NOTE = 7; // frames after which a note cannot go on, above WINDOW: never
export const GIVEN = 8; // address of a byte per target and MIDI pitch, or 0: what is given of it
export const GIVEN_CHANCES = 9; // address of one f64 per target: ln of the chance of what is given
export const KEEPS_PLAN = 10; // whether frames that contradict the plan are drawn anew
export const RUNS = 11; // address of the first target of each run of targets with the same past, i32,
// and one more where the last ends
export const COUNT_OF_RUNS = 12;
export const NEXT_RUN = 13; // counted up by the threads
export const DRAWING_WORDS = 14;
/** A byte for the number of notes, or NOTHING where no frame is to be avoided, then the codes. */
export const DRAWN_BYTES = 132;
export const NOTHING = 255;

/** What is given of a pitch: nothing. */
export const FREE = 0;
/** That it is off. */
export const OFF = 1;
/** That it is struck. */
export const STRUCK = 2;
/** That it sounds as it did before: held, or where attacks are not told apart on. */
export const STAYS = 3;
/** That it is not held, but free otherwise. */
export const ENDS = 4;

/** Semitones that a note may lie beyond the outline: it is rounded to three. */
export const OUTLINE_TOLERANCE = 1;

// How echoes are sought.
export const ECHO_WINDOW = 1024; // frames back
export const ECHO_LONGEST = 128; // an equal past is followed back for at most this many frames
export const ECHO_SPAN = 12; // frames over which a similar past is compared
export const ECHO_KINDS = 8; // classes of how like it is
/** For each of 0 … ECHO_WINDOW frames back two words and ECHO_SPAN bytes, to whole cache lines. */
export const ECHO_SCRATCH_BYTES = ((8 + ECHO_SPAN) * (ECHO_WINDOW + 1) + 63) & ~63;
