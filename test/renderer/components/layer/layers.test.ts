import { describe, expect, it } from 'vitest';
import { ALL_LAYERS, clicked, isLit, stepped } from '../../../../src-renderer/components/layer/layer-choice';
import { layerPattern, plateHeight } from '../../../../src-renderer/components/layer/layer-look';
import { layerColor } from '../../../../src-renderer/composables/layer-color';

describe('what the stack shows', () => {
  it('is one layer after a click, everything up to it after a shift-click', () => {
    expect(clicked(ALL_LAYERS, 3, false)).toEqual({ mode: 'layer', layer: 3 });
    expect(clicked(ALL_LAYERS, 3, true)).toEqual({ mode: 'upTo', layer: 3 });
    expect(clicked({ mode: 'layer', layer: 3 }, 3, true)).toEqual({ mode: 'upTo', layer: 3 });
  });

  it('is everything again after a click on what is chosen', () => {
    expect(clicked({ mode: 'layer', layer: 3 }, 3, false)).toEqual(ALL_LAYERS);
    expect(clicked({ mode: 'upTo', layer: 3 }, 3, true)).toEqual(ALL_LAYERS);
  });

  it('moves by arrow keys within the stack and keeps its mode', () => {
    const options = { count: 4, upTo: false };
    expect(stepped(ALL_LAYERS, 4, -1, options)).toEqual({ mode: 'layer', layer: 4 });
    expect(stepped({ mode: 'layer', layer: 4 }, 4, -1, options)).toEqual({ mode: 'layer', layer: 3 });
    expect(stepped({ mode: 'upTo', layer: 1 }, 1, -1, options)).toEqual({ mode: 'upTo', layer: 1 });
    expect(stepped({ mode: 'layer', layer: 2 }, 2, 1, { count: 4, upTo: true })).toEqual({ mode: 'upTo', layer: 3 });
  });

  it('lights the layers that take part', () => {
    const lit = (choice: Parameters<typeof isLit>[0]): number[] => [1, 2, 3].filter((layer) => isLit(choice, layer));
    expect(lit(ALL_LAYERS)).toEqual([1, 2, 3]);
    expect(lit({ mode: 'layer', layer: 2 })).toEqual([2]);
    expect(lit({ mode: 'upTo', layer: 2 })).toEqual([1, 2]);
  });
});

describe('how layers look', () => {
  it('differs for the first seventy layers by colour and pattern together', () => {
    const looks = Array.from({ length: 70 }, (_, at) => `${layerColor(at + 1).fill} ${layerPattern(at + 1)}`);
    expect(new Set(looks).size).toBe(70);
  });

  it('makes plates higher with size, but never so high or thin that they cannot be read', () => {
    const heights = [0, 100, 1e5, 1e7, 1e9, 1e12].map(plateHeight);
    expect(heights).toEqual([...heights].sort((a, b) => a - b));
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(44);
    expect(Math.max(...heights)).toBeLessThanOrEqual(110);
  });
});
