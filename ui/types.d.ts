// What the scripts and the server tell each other. Only for the type checker: browsers never see this file.

export type Words = Record<string, string>;
export type Texts = Record<string, Words>;  // by language
export type Pair = [number, number];

// --- the Draw tab

export interface DrawProps {
  texts: Texts;
  kinds: string[];
  models: ShippedNetwork[];
  start: { strokes: Pair[][]; width: number; amount: number; seed: number; answer: Denoised };
  limits: DrawLimits;
  worker: WorkerFiles;
}

export interface DrawLimits {
  canvas: number;        // units of the canvas's coordinates, and of the pens
  sent: number;          // pixels: side of the drawing that is sent
  largest_file: number;  // bytes
  largest_seed: number;
}

export interface DrawServer {
  denoise(request: DenoiseRequest): Promise<Refusal | Denoised>;
  example(wish: { label: number | null }): Promise<Refusal | ExampleDigit>;
  read_picture(picture: { file: string }): Promise<Refusal | ReadPicture>;
}

// Whatever a function of the server answers where it does not do what it was asked.
export interface Refusal {
  hint?: string;
  error?: string;
  token?: string;
}

// What is to be computed.
export interface State {
  drawing: Uint8Array;
  amount: number;
  kind: string;
  model: string;
  seed: number;
  clean_only: boolean;
  told: boolean;
  reader: string;
}

export interface DenoiseRequest extends Omit<State, 'drawing'> {
  pixels: string;
}

export interface Scores {
  psnr: number | null;
  ssim: number | null;
  equal: boolean;
}

export interface Pictured extends Scores {
  pixels: string;
}

export interface Seen extends Pictured {
  readings: number[];
}

// The pictures of an answer, before anybody has read them.
export interface Sight {
  digit: string;
  noisy: Pictured;
  denoised: Pictured;
}

export interface Denoised {
  hint?: undefined;
  error?: undefined;
  digit: string;
  noisy: Seen;
  denoised: Seen;
  ms: number;
  device: string;
  where?: 'here' | 'server';
  took?: number;  // ms, from the question to the answer, as the last ones took
  why?: string;   // that it had to be the server: the name of a reason
}

interface ToDrawOn {
  hint?: undefined;
  error?: undefined;
  drawing: string;  // in base64, of the side that is sent
  plain: string;    // 28×28
}

export interface ExampleDigit extends ToDrawOn {
  label: number;
  source: string;
  own: boolean;
}

export interface ReadPicture extends ToDrawOn {
  ink: boolean;
  photo: boolean;
  several: boolean;
  box: Box | null;
  rough: boolean;
}

export type Box = [left: number, top: number, right: number, bottom: number];  // shares of the picture

export interface ShippedNetwork {
  name: string;
  parameters: number;
  told: boolean;  // whether it can be told kind and amount of the noise
  learned: Learned | null;
}

export interface Learned {
  kinds: string[];
  amounts: Pair;
  digits: number[];
}

// A network that this visitor trained, as the browser keeps it.
export interface OwnNetwork {
  token: string;
  name: string;
  model?: string;
  parameters?: number;
  told?: boolean;
  learned?: Learned | null;
  reads?: boolean;
  drawn?: boolean;  // whether Draw offers it, too
  renewed?: number; // how often it was trained on
}

// --- the Compare tab

// A digit and its noise above the views of a tab.
export interface TaskProps {
  texts: Texts;
  kinds: string[];
  start: { amount: number; seed: number };
}

export interface CompareProps extends TaskProps {
  rivals: string[];   // in the given order
  slow: string[];     // those of them that are asked apart
  networks: string[]; // those of them that are networks
  map_amounts: number[];
  own_source: string; // what the project's own digits are called
  missing: string[];  // methods whose packages are not installed
  measure: MeasureProps;
  speed: SpeedProps;
}

export interface CompareServer {
  contend(task: CompareTask): Promise<Refusal | CompareAnswer>;
  sweep(task: SweepTask): Promise<Refusal | Swept>;
  noise_map_row(wish: { name: string }): Promise<Refusal | MapRow>;
  neighbours(task: NeighboursTask): Promise<Refusal | Neighboured>;
  example(wish: { label: number | null }): Promise<Refusal | ExampleDigit>;
  measure_cell(wish: CellWish): Promise<Refusal | CellAnswer>;
  speed(wish: SpeedWish): Promise<Refusal | SpeedAnswer>;
}

export interface CompareTask {
  pixels: string;
  amount: number;
  kind: string;
  seed: number;
  names: string[];
}

export interface NeighboursTask extends Omit<CompareTask, 'names'> {
  model: string;
}

// A picture and the training digits nearest to it.
export interface Neighbourhood {
  picture: string;
  digits: string;             // 28×28 each, one behind the other, the nearest first
  labels: (number | null)[];
  rmse: number[];
  own: number;                // RMSE from the picture to the clean digit
}

export interface Neighboured {
  hint?: undefined;
  denoised: Neighbourhood;
  noisy: Neighbourhood;
  clean: Neighbourhood;
  source: string;  // of the digits that were searched
  count: number;
}

// By kind of noise, and then by amount.
export interface MapRow {
  hint?: undefined;
  psnr: number[][];     // dB
  nothing: number[][];  // dB, of the noisy pictures
  digits: number;
  source: string;
  own: boolean;         // whether they are the project's own
}

export interface SweepTask {
  pixels: string;
  kind: string;
  seed: number;
  name: string;
}

export interface Swept {
  hint?: undefined;
  pictures: string;         // 28×28 each, one behind the other, by rising amount
  psnr: (number | null)[];  // dB; null where nothing differs
  read: number[];
  digit: number;            // that is read without any noise
}

export interface Rated {
  name: string;
  shown: Seen;
  ms: number;
}

export interface CompareAnswer {
  hint?: undefined;
  digit: Seen;
  entries: Rated[];
}

// --- the Inside tab

export interface InsideProps extends TaskProps {
  networks: string[];  // shipped, the default first
}

export interface InsideServer extends DataServer {
  example(wish: { label: number | null }): Promise<Refusal | ExampleDigit>;
  flow(wish: FlowWish): Promise<Refusal | Flowed>;
  flow_channel(wish: FlowWish & ChannelName): Promise<Refusal | FlowChannel>;
  flow_cost(wish: Edits & { amount: number; kind: string; model: string }): Promise<Refusal | FlowCost>;
  look_at_pixel(wish: NoisyWish & { row: number; column: number }): Promise<Refusal | LookedAt>;
  latent_plane(wish: LatentPlaneWish): Promise<Refusal | LatentPlaneAnswer>;
  latent_encode(wish: LatentEncodeWish): Promise<Refusal | LatentEncoded>;
  latent_decode(wish: LatentDecodeWish): Promise<Refusal | LatentDecoded>;
  network_page(wish: NetworkWish): Promise<Refusal | NetworkPage>;
}

// A drawing, its noise and a network.
export interface NoisyWish {
  pixels: string;
  amount: number;
  kind: string;
  seed: number;
  model: string;
}

// What is changed in a network, by the names of its stages.
export interface Edits {
  cut: [string, string][];
  frozen: string[];
  silenced: [string, number][];
}

export type FlowWish = NoisyWish & Edits;

export interface ChannelName {
  stage: string;
  channel: number;
}

export interface FlowStage {
  name: string;
  type: string;
  shape: number[];
  parameters: number;
  maps: string;       // a signed byte each: 127 is `brightest`
  brightest: number;
}

export interface Flowed {
  hint?: undefined;
  digit: Seen;
  noisy: Seen;
  whole: Seen;
  edited: Seen;
  stages: FlowStage[];
  skips: [string, string][];
}

export interface FlowChannel {
  hint?: undefined;
  map: string;
  low: number;
  high: number;
  next: string | null;
  changes: { channel: number; size: number; map: string }[];
  answers: { pixels: string; side: number; activation: number }[];
  tone: Tone | null;
}

// A curve of brightness, clip(slope · pixel + offset).
export interface Tone {
  slope: number;
  offset: number;
  others: [amount: number, slope: number, offset: number][];
  shares: number[];  // of the noisy pixels, from dark to bright
}

export interface FlowCost {
  hint?: undefined;
  whole: number;   // dB
  edited: number;  // dB
  digits: number;
  source: string;
}

export interface LookedAt {
  hint?: undefined;
  digit: Seen;
  noisy: Seen;
  denoised: Seen;
  gradient: string;          // a signed byte for each input pixel: 127 is `strongest`
  strongest: number;
  pixels_with_most: number;  // so few have nine tenths of the influence
  field: [top: number, left: number, bottom: number, right: number];
}

// What a view of the Inside tab works with.
export interface Surroundings {
  root: HTMLElement;  // of the view
  server: InsideServer;
  task: import('./shared/task.js').Task;
  network(): string;       // its name, or the token of a visitor's own
  open(): boolean;         // whether anybody looks
  refused(refusal: Refusal | null): void;  // null where there was no answer
}

// A view of the Inside tab. `change` is called whenever it is opened, and when what it depends on changed.
export interface InsideView {
  change(): void;
}

export interface LatentPlaneWish {
  network: string;
}

export interface LatentEncodeWish {
  network: string;
  pixels: string;
  amount: number;
  kind: string;
  seed: number;
}

export interface LatentDecodeWish {
  network: string;
  code: Pair;
}

export interface LatentPlaneAnswer {
  hint?: undefined;
  low: Pair;          // ends of the plane: first number, second number
  high: Pair;
  codes: Pair[];      // of test digits
  labels: number[];
  tiles: string;      // decoded all over the plane: a square of 16 by 16 pictures
  source: string;     // of the test digits
  own: boolean;       // whether they are the project's own
}

export interface LatentPlane extends LatentPlaneAnswer {
  pixels: Uint8Array;  // the tiles
}

export interface LatentDecoded {
  hint?: undefined;
  decoded: string;    // 28×28
  readings: number[];
}

export interface LatentEncoded extends LatentDecoded {
  digit: string;      // 28×28, as is `noisy`
  noisy: string;
  clean_code: Pair;
  code: Pair;         // of the noisy picture
}

export interface DataServer {
  data_facts(nothing: Record<string, never>): Promise<Refusal | DataFacts>;
  data_sheet(wish: { seed: number }): Promise<Refusal | LabelledDigits>;
  data_readings(wish: { reader: string; start: number }): Promise<Refusal | DataReadings>;
  data_pictures(wish: { places: number[] }): Promise<Refusal | LabelledDigits>;
  data_augmented(wish: { pixels: string; move: string; seed: number }): Promise<Refusal | AugmentedDigit>;
}

export interface DataFacts {
  source: string;
  own: boolean;      // whether they are the project's own
  digits: number;    // test digits
  mean: number;      // of their pixels, 0 to 1
  deviation: number;
  black: number;     // share
  levels: number[];  // how many pixels there are of each level of grey
  counts: Record<string, number[]>;  // of each digit, by split
  means: string;     // pictures: the mean of all, and of each digit
  head: IdxHead;
  moves: Record<string, Record<'rotation' | 'shift' | 'scale' | 'slant' | 'crop', number>>;
}

export interface IdxHead {
  header: number[];   // bytes
  numbers: number[];  // that these are
  pixels: string;     // of the first picture
  file: string;       // empty where it was written just now
}

export interface LabelledDigits {
  pictures: string;  // 28×28 each, one behind the other
  labels: number[];
}

export interface DataReadings {
  source: string;
  of: number;  // so many are tried in all
  labels: number[];
  read: number[];
  sure: number[];  // the probability of what was read
}

export interface AugmentedDigit {
  hint?: undefined;
  digit: string;
  versions: string;  // 28×28 each, one behind the other
}

export interface NetworkWish {
  name: string;      // or the token of a visitor's own
  reads: boolean;    // whether it is one that reads digits
  language: string;  // of the words in the graph
}

export interface NetworkCosts {
  parameters: number;
  multiply_adds: number;
  activation_bytes: number;
}

export interface NetworkStep extends NetworkCosts {
  layer: string;  // empty for what the network does between its layers
  type: string;
  shape: number[];
}

export interface NetworkPage {
  hint?: undefined;
  name: string;
  model: string;
  steps: NetworkStep[];
  totals: NetworkCosts & { weight_bytes: number };
  graph: string;  // SVG
}

export interface MeasureProps {
  amounts: string[];  // as the scores are keyed, "uniform" the last
  counts: string[];   // of digits, "all" the last
  told: string[];     // shipped networks that can be told the noise
  own: string;        // what the data says of the project's own digits
}

export interface CellWish {
  name: string;
  told: boolean;
  kind: string;
  amount: string;
  digits: string;
}

// Of one row and one amount of the table that the command line makes.
export interface CellAnswer {
  hint?: undefined;
  done: number;  // pictures
  of: number;
  facts: ScoreFacts | null;  // null until all are done
  csv: string | null;        // the same, with its heads
}

export interface ScoreFacts {
  data: string;
  split: string;
  digits: number;
  seed: number;
  hardware: string;
  torch: string;
  rows: ScoreRow[];
}

export type Score = 'mse' | 'psnr' | 'ssim' | 'read';

export type Amounts<T> = Record<string, T>;

export interface ScoreRow extends Partial<Record<Score, Amounts<number | null>>> {
  name: string;
  model: string;
  parameters: number;
  kind: string;
  digits?: number;
  error?: string;
  interval?: number | null;
  milliseconds?: number;
  intervals?: Partial<Record<Score, Amounts<[number | null, number | null]>>>;
}

export interface SpeedProps {
  batches: number[];             // pictures at a time
  most: Record<string, number>;  // the ways of the server: up to how many at a time each goes
  used: string;                  // on which kind of device the server denoises
  worker: WorkerFiles;
}

export interface SpeedWish {
  network: string;
  way: string;
  batch: number;
}

export interface SpeedAnswer {
  hint?: undefined;
  seconds: number;
  hardware: string;
}

// What is known of one way: pictures a second by how many there are at a time.
export interface Speeds {
  way: string;
  hardware: string;
  failed: boolean;
  points: { batch: number; perSecond: number }[];
}

// Whoever has a row in the table.
export interface Measured {
  key: string;   // changes when its weights do
  name: string;  // by which the server knows it
  title: string;
  told: boolean;
}

// --- what the browser computes

// Addresses, relative to the base of the page.
export interface WorkerFiles {
  worker: string;
  runtime: string;
  wasm: string;
  stages: Record<string, string>;
  networks: Record<string, NetworkFiles>;
  readers: Record<string, NetworkFiles>;
  fields: Record<string, string | null>;  // by kind of noise: the distribution of what is drawn for it
}

// Without a graph the answer with the weights names it.
export interface NetworkFiles {
  graph?: string;
  weights: string;
  headers?: Record<string, string>;
}

// One amount of many: both pictures, and the digit that is read in the denoised one.
export interface Tile {
  noisy: string;
  denoised: string;
  read: number;
}

// One picture to be computed.
export interface Wish {
  drawing: Uint8Array;
  field: Float32Array | null;
  amount: number;
  kind: number;  // its place among the kinds
  told: boolean;
  clean_only: boolean;
  network: string;  // keys of networks
  reader: string;
}

// Of ONNX Runtime Web what is used.
export interface RuntimeTensor {
  data: Uint8Array | Float32Array | BigInt64Array;
}

export interface RuntimeSession {
  inputNames: readonly string[];
  run(feeds: Record<string, RuntimeTensor>): Promise<Record<string, RuntimeTensor>>;
  release(): Promise<void>;
}

export interface Runtime {
  Tensor: new (type: string, data: Uint8Array | Float32Array | BigInt64Array, shape: number[]) => RuntimeTensor;
  InferenceSession: { create(graph: Uint8Array, options: object): Promise<RuntimeSession> };
}

// What the Draw tab lends to the others.
export interface Board {
  pixels(): Uint8Array | null;  // the drawing as it is sent
  pictures(): { clean: HTMLCanvasElement; noisy: HTMLCanvasElement } | null;
  useModel(network: OwnNetwork): void;
  useReader(network: OwnNetwork): void;
}

export interface Timing {
  latency: number;  // ms from the newest event to the frame in which the pictures are painted
  whole: number;    // ms until what is read in them is painted, too
  trip: number;     // ms from the request to its answer
}

// What is said of a digit that was given: the name of a hint, and what to fill into it.
export type Given = [hint: string, details: { label?: string | number; source?: string }];

export interface Picture {
  drawing: Uint8Array;
  plain: Uint8Array;
}

// A stroke, a picture, or neither: an empty canvas. `fresh`: nothing before it is seen any more.
export interface Mark {
  points?: Pair[];
  width?: number;
  picture?: Picture;
  given?: Given;
  fresh?: boolean;
  opening?: boolean;  // the page began with it
  canvases?: { drawing: HTMLCanvasElement; plain: HTMLCanvasElement };
}

// What a link holds.
export interface Linked {
  settings: Pick<State, 'kind' | 'model' | 'amount' | 'seed' | 'told' | 'clean_only'>;
  marks: Mark[];
  language: string;
}

// --- the Train tab

export interface TrainProps {
  texts: Texts;
  networks: TrainableNetwork[];
  kinds: string[];
  data: string[];
  mnist: boolean;
  own_source: string;
  optimizers: Record<string, Partial<Recipe>>;
  schedules: string[];
  defaults: RunSettings & { digits: number[]; seconds: number; data: string; seed: number };
  limits: Record<string, Pair>;
  largest_checkpoint: number;  // bytes
  workflow: [name: string, settings: RunSettings][];
}

// A run of the experiment "first overfit, then regularise". Points are steps and the MSE after them.
export interface WorkflowRun {
  name: string;
  settings: RunSettings;
  seconds: number;           // that it may take
  step: number;              // made so far
  progress: number;
  training: Pair[];          // on digits it learns from
  validation: Pair[];
  nothing: number | null;    // MSE of the noisy pictures
  state: 'ahead' | 'running' | 'ended' | 'stopped' | 'failed';
  place?: number;            // in the queue
}

export interface TrainableNetwork {
  model: string;
  reads: boolean;
  shipped: string[];
  recipes: [most: number, presets: Record<string, Recipe>][];
}

export interface Recipe {
  kinds: string[];
  amounts: Pair;
  optimizer: string;
  learning_rate: number;
  schedule: string;
  weight_decay: number;
  batch_size: number;
  patience: number;
  dropout: number;
  augment: boolean;
}

export type NumberName = 'learning_rate' | 'weight_decay' | 'dropout' | 'patience' | 'batch_size' | 'seed';
export type ExpertName = Exclude<NumberName, never> | 'optimizer' | 'schedule' | 'augment';

// Of an uploaded checkpoint only the network is known.
export interface RunSettings {
  model: string;
  preset?: string;
  digits?: number[];
  data?: string;
  limit?: number | null;
  kinds?: string[] | null;
  amounts?: Pair | null;
  seconds?: number | null;
  steps?: number | null;
  seed?: number | null;
  optimizer?: string | null;
  learning_rate?: number | null;
  schedule?: string | null;
  weight_decay?: number | null;
  batch_size?: number | null;
  dropout?: number | null;
  patience?: number | null;
  augment?: boolean | null;
  trained?: string;
}

export interface TrainServer {
  start(wish: { settings: RunSettings; of: string | null; drawing: string | null }): Promise<TrainRefusal & { token?: string }>;
  watch(question: { token: string; since: number }): Promise<TrainRefusal | RunAnswer>;
  sources(nothing: Record<string, never>): Promise<{ mnist: boolean }>;
  stop(run: { token: string | null }): Promise<TrainRefusal>;
  go_on(wish: { token: string | null; seconds: number }): Promise<TrainRefusal>;
  frames(run: { token: string | null }): Promise<TrainRefusal & Partial<FramesAnswer>>;
  compare(request: CompareRequest): Promise<TrainRefusal | Compared>;
}

export interface TrainRefusal {
  hint?: string;
  error?: string;
  left?: number;
  boot?: string;
}

export interface CompareRequest {
  token: string;
  pixels: string;
  amount: number;
  kind: string;
  seed: number;
}

export interface Compared {
  hint?: undefined;
  error?: undefined;
  digit: string;
  noisy: Seen;
  mine: Seen;
  shipped: Seen;
  name: string;
}

export interface FramesAnswer {
  steps: number[];
  samples: string;
  noisy: string;
  clean: string;
}

export interface Frames {
  steps: number[];
  samples: Uint8Array[];
}

export type RunState = 'idle' | 'starting' | 'waiting' | 'running' | 'ended' | 'lost';

// What stands before the first step.
export interface Started {
  device: string;
  precision: string;
  source: string;
  count: number;
  parameters: number;
  trained_parameters: number;
  can_be_told: boolean;
  reads: boolean;
  resumable: boolean;
  layers: [name: string, shape: number[], weights: number, learns: boolean][];
  clean: string;
  noisy: string;
  labels: (number | null)[];
  own_drawing: boolean;
  nothing: number;
  untrained: number | null;
}

export interface RunAnswer {
  hint?: undefined;
  error?: undefined;
  state: 'waiting' | 'running' | 'ended';
  reason: string;
  message: string;
  fault: string;    // the name of what the message says, where there are words for it, or empty
  preparing: string;
  prepared: number;
  version: number;
  fresh: boolean;
  settings?: RunSettings;
  learned?: Learned | null;
  started: Started | null;
  losses: Pair[];
  validation: Pair[];
  fitted: Pair[];   // on digits that a denoiser learns from, where it learns from few
  times: Pair[];
  samples: string | null;
  frames: number;
  step: number;
  seconds: number;
  seconds_left: number;
  progress: number;
  learning_rate: number;
  rate: number;
  best: { step: number; mse?: number; wrong?: number } | null;
  usable: boolean;
  can_go_on: boolean;
  device: string | null;
  reads: boolean;
  name: string;
  boot?: string;
  place?: number;   // in the queue
  wait?: number;    // seconds
  others?: number;  // runs that are trained now
}

// A run as the page knows it: what was answered so far, put together.
export interface Run extends Partial<Omit<RunAnswer, 'state' | 'started' | 'settings'>> {
  state: RunState;
  token: string | null;
  usable: boolean;
  can_go_on: boolean;
  frames: number;
  started: Started | null;
  settings?: RunSettings;
  name: string;
  returned?: boolean;  // to one that this browser has shown before
}

// The name of a sentence, what to fill into it, and the names of sentences that follow.
export type News = [name: string, details?: Record<string, unknown>, ...more: string[]];

// --- the head

export interface HeadProps {
  texts: Texts;
  weights: number;
  source: string | null;
  readme: Words;  // by language
}
