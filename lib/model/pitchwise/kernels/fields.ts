// Where the numbers of the pitchwise kernels' blocks lie, as indices of 32-bit words. Read by the
// kernels and by lib/model/pitchwise, which fills the blocks in.

// The network block: sizes, the rows at which the tables begin, and the addresses of its buffers.
export const PITCHES = 0; // P, pitches of the keyboard
export const LOWEST = 1; // MIDI pitch of the first
export const WIDTH = 2; // H, hidden units per pitch, a multiple of 24
export const LAYERS = 3; // dense layers after the first
export const STATES = 4; // C, ways in which a pitch can sound: 1, or 2 with attacks (struck, held)
export const LAGS = 5;
export const LAG_TABLE = 6; // address of LAGS records: lag, radius, first row, first folded row or −1
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
export const NETWORK_WORDS = 29;

// The music block.
export const IDS = 0; // address of the frames' combination ids, i32
export const STARTS = 1; // address: where each combination's codes start, i32, one more at the end
export const CODES = 2; // address of the codes: pitch, or pitch + 128 when held, u8
export const INFORMATION = 3; // address of FRAME_WORDS words per frame
export const TARGETS = 4; // address of the frames to be predicted, i32
export const SEEDS = 5; // address of one random word per target, i32
export const LOSSES = 6; // address of one f64 per target
export const COUNT_OF_TARGETS = 7;
export const PIECES = 8; // address of offset and length of each piece, i32, while echoes are sought
export const COUNT_OF_PIECES = 9;
export const MASKS = 10; // address of a bit per sounding pitch for each combination, while …
export const ECHO_SCRATCH = 11; // address of ECHO_SCRATCH_BYTES per thread, while …
export const MUSIC_WORDS = 12;

// What is known of a frame beside its notes.
export const PIECE_START = 0; // index of the piece's first frame
export const ECHO_FRAME = 1; // ECHOES frames that followed a like past, or −1
export const ECHO_KIND = 3; // and how like it was, 0 to ECHO_KINDS − 1
export const PLACES = 5; // rows that say the place in the bar, or −1
export const PLACE_COUNT = 3;
export const ECHOES = 2;
export const FRAME_WORDS = 8;

export const RANKS = 8;
export const POLYPHONIES = 10;
export const HORIZONS = 3;
export const BUCKETS = 14;

// The update block.
export const STEP_SIZE = 0; // f32
export const DECAY = 1; // f32, factor on decayed weights
export const MOMENT_1 = 2;
export const MOMENT_2 = 3;
export const AVERAGE = 4;
export const AVERAGE_SHARE = 5; // f32, how far the average moves
export const CORRECTION_1 = 6; // f32, 1 / (1 − β1^t)
export const CORRECTION_2 = 7; // f32
export const SQUARES = 8; // address of one f64 per thread
export const CLIP = 9; // f32
export const UPDATE_WORDS = 10;

// The drawing block.
export const TEMPERATURE = 0; // f32
export const TOP_K = 1;
export const TOP_P = 2; // f32
export const AVOIDED = 3; // address of DRAWN_BYTES bytes per target: a frame to avoid
export const DRAWN = 4; // address of DRAWN_BYTES bytes per target: how many notes, then their codes
export const LEANING = 5; // address of two f32 per target, added to ln of the chance of "no more"
// and of each note that begins
export const SILENCE_BARRED = 6; // address of a byte per target: whether something has to sound
export const LONGEST_NOTE = 7; // frames after which a note cannot go on, above WINDOW: never
export const DRAWING_WORDS = 8;
/** A byte for the number of notes, or NOTHING where no frame is to be avoided, then the codes. */
export const DRAWN_BYTES = 132;
export const NOTHING = 255;

// How echoes are sought.
export const ECHO_WINDOW = 1024; // frames back
export const ECHO_LONGEST = 128; // an equal past is followed back for at most this many frames
export const ECHO_SPAN = 12; // frames over which a similar past is compared
export const ECHO_KINDS = 8; // classes of how like it is
export const ECHO_SCRATCH_BYTES = 20544; // 2 × 4 + 12 bytes for each of 0 … ECHO_WINDOW, padded
