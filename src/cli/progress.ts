/** Tells on stderr what takes long, once a run takes longer than a second. */
export interface Progress {
  readonly say: (step: string) => void;
  readonly end: () => void;
}

const PATIENCE_MS = 1_000;

export const SILENT: Progress = { say: () => {}, end: () => {} };

/** A spinner on a terminal; elsewhere one line for each step, none of them twice. */
export function progressOn(stream: NodeJS.WriteStream, isInteractive: boolean): Progress {
  let step = '';
  let said = '';
  let spinner: { text: string; stop: () => unknown } | undefined;
  let state: 'waiting' | 'showing' | 'ended' = 'waiting';
  const show = (): void => {
    if (state !== 'showing' || step === '') return;
    if (spinner) spinner.text = step;
    else if (!isInteractive && firstWords(step) !== said) {
      said = firstWords(step);
      stream.write(`${step}\n`);
    }
  };
  const timer = setTimeout(async () => {
    state = 'showing';
    if (isInteractive) {
      const { default: ora } = await import('ora');
      // it may have ended while that was loaded
      if (state === 'showing') spinner = ora({ text: step, stream, discardStdin: false }).start();
    } else show();
  }, PATIENCE_MS);
  return {
    say: (text) => {
      step = text;
      show();
    },
    end: () => {
      state = 'ended';
      clearTimeout(timer);
      spinner?.stop();
    },
  };
}

/** Of "Reading 20 of 300 files", what does not count up. */
const firstWords = (text: string): string => text.replaceAll(/\d+/g, '');
