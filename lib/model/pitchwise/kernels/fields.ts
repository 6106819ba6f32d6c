// Field offsets of the pitchwise kernels' blocks, as indices of 32-bit words. Shared by the kernels
// and the folder above, which fills in the blocks.

// The network block: sizes, first rows of the tables, and addresses of its buffers.
export const PITCHES = 0; // P, pitches of the keyboard
export const LOWEST = 1; // MIDI pitch of the lowest
export const WIDTH = 2; // H, hidden units per pitch, a multiple of 24
export const LAYERS = 3; // dense layers after the first
export const STATES = 4; // C, sounding states of a pitch: 1, or 2 with attacks (struck, held)
export const LAGS = 5;
export const LAG_TABLE = 6; // address of LAGS records: see Lag in features.ts
export const WINDOW = 7; // window in frames of the summaries per pitch
export const REACH = 8; // semitones below in which pitches are seen individually
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
export const ROWS = 20; // total rows
export const PARAMETERS = 21; // total parameters, padded to a multiple of 4
export const WEIGHTS = 22; // address of the weights in use
export const GRADIENTS = 23; // address of one gradient of PARAMETERS numbers per thread
export const SCRATCH = 24; // address of the first thread's scratch
export const SCRATCH_BYTES = 25; // per thread
export const SPANS = 26; // capacity of the list of spans
export const DROPOUT = 27; // f32, share of hidden units dropped in training
export const INPUT_DROPOUT = 28; // f32, share of input spans dropped in training
export const PAST_NOISE = 29; // f32, share of past notes that are transposed in training
export const CLASSES = 30; // first rows of the plan's tables: pitch classes of half bar and bar,
export const OUTLINE = 31; // then the distance from the highest and the lowest note of the beat
export const OUTLINE_RADIUS = 32;
export const OWN = 33; // address of NETWORK_WORDS words per thread: the block for one target
export const NETWORK_WORDS = 34;

// The music block.
export const IDS = 0; // address of the frames' combination ids, i32
export const STARTS = 1; // address: where each combination's codes start, i32, one more at the end
export const CODES = 2; // address of the codes: pitch, or pitch + 128 when held, u8
export const INFORMATION = 3; // address of FRAME_WORDS words per frame
export const TARGETS = 4; // address of TARGET_WORDS words per frame to be predicted
export const LOSSES = 5; // address of one f64 per target
export const COUNT_OF_TARGETS = 6;
export const PIECES = 7; // address of offset and length of each piece, i32, during the echo search
export const COUNT_OF_PIECES = 8;
export const MASKS = 9; // address of a bit per sounding pitch for each combination, likewise
export const ECHO_SCRATCH = 10; // address of ECHO_SCRATCH_BYTES per thread, likewise
export const MUSIC_WORDS = 11;

// A target.
export const FRAME = 0; // index of the frame to be predicted
export const SEED = 1; // random word
export const GROUPS = 2; // bits: which groups of the plan the network is told
export const TRANSPOSE = 3; // transposition of the music in training, in semitones
export const FAMILY = 4; // sampling: number of the family of contexts that are equal up to
export const OWN_FRAMES = 5; // this many frames back; 0: to the end
export const TARGET_WORDS = 6;

// Groups of a plan's features.
export const LIKENESS = 1;
export const FULLNESS = 2;
export const HARMONY = 4;
export const RHYTHM = 8;
export const SHAPE = 16;
export const POSITION = 32;
export const CHORDS = 64;
export const ALL_GROUPS = 127;

// Features of a frame besides its notes.
export const PIECE_START = 0; // index of the piece's first frame
export const ECHO_FRAME = 1; // frames that followed a similar past, and that of the plan; or −1
export const ECHO_KIND = 4; // class of the similarity, 0 to ECHO_KINDS − 1
export const ECHO_TRANSPOSE = 7; // transposition of the plan's, in semitones
export const PLACES = 8; // rows for the position in the bar, or −1
export const PLACE_COUNT = 3;
export const ECHOES = 3;
export const PLANNED = 11; // rows for the qualities of the plan's bar, or −1
export const FULLNESS_ROWS = 5; // the first ones: note density; then one of rhythm, two of position
export const PLANNED_COUNT = 8;
export const HALF_CLASSES = 19; // bits: pitch classes of the plan's half bar; 0 if unspecified
export const BAR_CLASSES = 20; // of its bar
export const TOP = 21; // the highest pitch of the plan's beat, or −1
export const BOTTOM = 22; // the lowest
export const ONSETS = 23; // planned onsets in this step, or −1
export const CHORD_TONES = 24; // twelve rows by distance in pitch classes: 16 · the first of them +
// the pitch class that they count from; or −1
export const CHORD_TONES_COUNT = 6;
export const CHORD_TIMES = 30; // rows for the time since and until changes of chord, or −1
export const CHORD_TIMES_COUNT = 2;
export const FRAME_WORDS = 32;

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
export const AVERAGE_SHARE = 5; // f32, update rate of the average
export const CORRECTION = 6; // f32, 1 / (1 − β2^t)
export const SQUARES = 7; // address of one f64 per thread
export const CLIP = 8; // f32
export const ANCHOR = 9; // address of the weights that decay leads to, or 0: to zero
export const UPDATE_WORDS = 10;

// The drawing block: parameters and results of sampling.
export const TEMPERATURE = 0; // f32
export const TOP_K = 1;
export const TOP_P = 2; // f32
export const AVOIDED = 3; // address of DRAWN_BYTES bytes per target: a frame to avoid
export const DRAWN = 4; // address of DRAWN_BYTES bytes per target: note count, then their codes
export const LOGIT_BIASES = 5; // address of two f32 per target: logit biases of "no more"
// and of each onset
export const SILENCE_BARRED = 6; // address of a byte per target: whether a note must sound
export const LONGEST_NOTE = 7; // maximum note length in frames, above WINDOW: unlimited
export const GIVEN = 8; // address of a byte per target and MIDI pitch, or 0: constraints
export const GIVEN_CHANCES = 9; // address of one f64 per target: ln probability of the constraints
export const KEEPS_PLAN = 10; // whether frames that contradict the plan are resampled
export const RUNS = 11; // address of the first target of each run of targets with one context, i32,
// and the end of the last
export const COUNT_OF_RUNS = 12;
export const NEXT_RUN = 13; // work counter of the threads
export const DRAWING_WORDS = 14;
/** Number of notes as a byte, or NOTHING if no frame is to be avoided, then the codes. */
export const DRAWN_BYTES = 132;
export const NOTHING = 255;

/** Constraint on a pitch: none. */
export const FREE = 0;
/** Constraint: off. */
export const OFF = 1;
/** Constraint: struck. */
export const STRUCK = 2;
/** Constraint: sounds as before, that is held, or without attacks on. */
export const STAYS = 3;
/** Constraint: not held, otherwise free. */
export const ENDS = 4;

/** Tolerance in semitones of the pitch envelope, which is rounded to three. */
export const OUTLINE_TOLERANCE = 1;

// Search for echoes.
export const ECHO_WINDOW = 1024; // frames back
export const ECHO_LONGEST = 128; // an identical past is compared over at most this many frames
export const ECHO_SPAN = 12; // frames over which a similar past is compared
export const ECHO_KINDS = 8; // classes of similarity
/**
 * Two words and ECHO_SPAN bytes for each of 0 … ECHO_WINDOW frames back, rounded up to cache lines.
 */
export const ECHO_SCRATCH_BYTES = ((8 + ECHO_SPAN) * (ECHO_WINDOW + 1) + 63) & ~63;
