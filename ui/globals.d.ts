// What stands on `window` beside what browsers put there: Gradio's configuration, and what the benchmarks read.

interface Window {
  gradio_config?: { root?: string; components?: { type: string; props: { id: string } }[] };
  denoiserStats: import('./types.d.ts').Timing[];
}
