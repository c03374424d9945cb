import type { ContainerRow, ImageDetails, TreeOptions, TreeTarget } from '@contract/views';
import { computed, onBeforeUnmount, watch, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import type { LayerChoice } from '../components/layer/layer-choice';
import { useNodeStore } from '../stores/node';
import { useNoticesStore } from '../stores/notices';
import { useTreeStore } from '../stores/tree';
import { platesOf, type Plate } from './layer-plates';
import { useLayerPlay } from './useLayerPlay';
import { useTreeSelection, type OuterAction, type TreeSelection } from './useTreeSelection';
import { useUnsaved, type Unsaved } from './useUnsaved';

export interface Explorer {
  readonly image: ComputedRef<ImageDetails | undefined>;
  readonly container: ComputedRef<ContainerRow | undefined>;
  readonly plates: ComputedRef<readonly Plate[]>;
  readonly choice: ComputedRef<LayerChoice>;
  readonly choose: (choice: LayerChoice) => void;
  readonly configure: (change: Partial<TreeOptions>) => void;
  readonly play: ReturnType<typeof useLayerPlay>;
  readonly selection: TreeSelection;
  readonly unsaved: Unsaved;
  readonly fail: (thrown: unknown) => void;
}

/** Everything the three panes of the explorer share, for an image or a container. */
export function useExplorer(options: {
  readonly target: () => TreeTarget;
  readonly image: () => ImageDetails | undefined;
  readonly container?: () => ContainerRow | undefined;
  readonly outer: (action: OuterAction) => void;
}): Explorer {
  const tree = useTreeStore();
  const node = useNodeStore();
  const notices = useNoticesStore();
  const { t } = useI18n();

  const image = computed(options.image);
  const container = computed(() => options.container?.());
  const plates = computed(() => (image.value === undefined ? [] : platesOf(image.value, container.value)));
  const choice = computed<LayerChoice>(() => ({ mode: tree.options.mode, layer: tree.options.layer }));
  const fail = (thrown: unknown): void => notices.fail(t('explorer.failed'), thrown);

  const unsaved = useUnsaved();
  const selection = useTreeSelection({
    mayLeave: unsaved.mayLeave,
    chosen: (row) => void node.select(row.path),
    outer: options.outer,
    failed: fail,
  });

  function configure(change: Partial<TreeOptions>): void {
    void tree.configure(change);
  }

  function show(next: LayerChoice): void {
    void unsaved.mayLeave().then(async (leave) => {
      if (!leave) return;
      await tree.configure({ mode: next.mode, layer: next.layer });
      await node.refresh();
    });
  }

  const play = useLayerPlay({ count: () => plates.value.length, choose: show });

  /** A choice of the user ends the play. */
  function choose(next: LayerChoice): void {
    play.stop();
    show(next);
  }

  watch(
    () => JSON.stringify(options.target()),
    () => {
      play.stop();
      selection.clear();
      node.clear();
      void tree.open(options.target());
    },
    { immediate: true },
  );
  watch(
    () => tree.rebuilt,
    () => void node.refresh(),
  );
  onBeforeUnmount(() => {
    node.clear();
    void tree.close();
  });

  return { image, container, plates, choice, choose, configure, play, selection, unsaved, fail };
}
