import { flushPromises } from '@vue/test-utils';
import { beforeEach, describe, expect, it } from 'vitest';
import { useContainersStore } from '../../../src-renderer/stores/containers';
import { useImagesStore } from '../../../src-renderer/stores/images';
import { useNodeStore } from '../../../src-renderer/stores/node';
import { useTreeStore } from '../../../src-renderer/stores/tree';
import { connectStore } from '../../support/window';

/** The sample image of a store in memory: three layers, file5 in the second and third. */
async function openTextbook(): Promise<string> {
  const images = useImagesStore();
  await images.refresh();
  const key = images.rows.find((row) => row.references[0]?.includes('textbook'))?.key;
  if (key === undefined) throw new Error('the store in memory has no textbook image');
  await useTreeStore().open({ kind: 'image', key });
  await flushPromises();
  return key;
}

function names(): string[] {
  const tree = useTreeStore();
  return Array.from({ length: tree.state?.rowCount ?? 0 }, (_, at) => tree.row(at)?.name ?? '?');
}

describe('the open tree', () => {
  beforeEach(() => {
    connectStore();
  });

  it('shows what is seen from outside, one layer alone, and everything up to a layer', async () => {
    const tree = useTreeStore();
    await openTextbook();
    expect(names()).toEqual(['file1', 'file2', 'file4', 'file5', 'file6', 'file7']);
    await tree.configure({ mode: 'layer', layer: 2 });
    await flushPromises();
    expect(names()).toEqual(['file4', 'file5', 'file6']);
    await tree.configure({ mode: 'upTo', layer: 2 });
    await flushPromises();
    expect(names()).toEqual(['file1', 'file2', 'file3', 'file4', 'file5', 'file6']);
  });

  it('ends in the last of several quick changes', async () => {
    const tree = useTreeStore();
    await openTextbook();
    void tree.configure({ filter: 'file1' });
    void tree.configure({ filter: 'file' });
    await tree.configure({ filter: 'file7' });
    await flushPromises();
    expect(tree.options.filter).toBe('file7');
    expect(names()).toEqual(['file7']);
  });

  it('keeps nothing of an image that was left while it opened', async () => {
    const tree = useTreeStore();
    const images = useImagesStore();
    await images.refresh();
    const [first, second] = images.rows;
    if (first === undefined || second === undefined) throw new Error('two images are needed');
    const slow = tree.open({ kind: 'image', key: first.key });
    await Promise.all([slow, tree.open({ kind: 'image', key: second.key })]);
    expect(tree.target).toEqual({ kind: 'image', key: second.key });
    await tree.close();
    expect(tree.state).toBeUndefined();
    expect(tree.row(0)).toBeUndefined();
  });

  it('says what went wrong when there is no such image', async () => {
    const tree = useTreeStore();
    await tree.open({ kind: 'image', key: `sha256:${'0'.repeat(64)}` });
    expect(tree.error?.code).toBe('IMAGE_NOT_FOUND');
  });

  it('follows edits of its container', async () => {
    const tree = useTreeStore();
    const key = await openTextbook();
    const { id } = await useContainersStore().create(key);
    await tree.open({ kind: 'container', id });
    await useContainersStore().newFile(id, '', 'mine');
    await flushPromises();
    expect(tree.rebuilt).toBeGreaterThan(0);
    expect(names()).toContain('mine');
  });
});

describe('the selected path', () => {
  beforeEach(() => {
    connectStore();
  });

  it('shows the version that is seen, and an older one when asked', async () => {
    const node = useNodeStore();
    await openTextbook();
    await node.select('file5');
    expect(node.layer).toBe(3);
    expect(node.isCurrent).toBe(true);
    expect(node.preview).toMatchObject({ kind: 'text', text: 'File 5, version 2.\n' });
    await node.showVersion(2);
    expect(node.isCurrent).toBe(false);
    expect(node.preview).toMatchObject({ kind: 'text', text: 'File 5, version 1.\n' });
  });

  it('shows the path selected last when answers overtake each other', async () => {
    const node = useNodeStore();
    await openTextbook();
    await Promise.all([node.select('file1'), node.select('file2'), node.select('file7')]);
    expect(node.details?.path).toBe('file7');
    node.clear();
    expect(node.details).toBeUndefined();
  });

  it('says when the path is not there', async () => {
    const node = useNodeStore();
    await openTextbook();
    await node.select('no/such');
    expect(node.details).toBeUndefined();
    expect(node.error?.code).toBe('PATH_NOT_FOUND');
  });
});
