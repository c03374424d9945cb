import { onBeforeUnmount, ref, type Ref } from 'vue';
import { ALL_LAYERS, type LayerChoice } from '../components/layer/layer-choice';

/** How long each layer stays, so that one can see what it brought. */
const STEP_MS = 1_400;

/** Plays the stack from the bottom up, as a teacher would: as of layer 1, 2, … and at last everything. */
export function useLayerPlay(options: {
  readonly count: () => number;
  readonly choose: (choice: LayerChoice) => void;
}): { readonly playing: Ref<boolean>; readonly play: () => void; readonly stop: () => void } {
  const playing = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;

  function stop(): void {
    clearTimeout(timer);
    playing.value = false;
  }

  function step(layer: number): void {
    if (layer > options.count()) {
      stop();
      options.choose(ALL_LAYERS);
      return;
    }
    options.choose({ mode: 'upTo', layer });
    timer = setTimeout(() => step(layer + 1), STEP_MS);
  }

  /** Starts at the bottom, or stops where it is. */
  function play(): void {
    if (playing.value) {
      stop();
      return;
    }
    playing.value = true;
    step(1);
  }

  onBeforeUnmount(stop);
  return { playing, play, stop };
}
