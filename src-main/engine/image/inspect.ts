/**
 * `docker image inspect` of an image (semantics 6): the fields in Docker's order, with Docker's defaults. What names
 * Docker's own storage has Lamina's instead: `GraphDriver` is `lamina` without data, and tags have no local time.
 */
import { familiarOf, tryReference } from './reference';
import { goTime, sortedMap } from './go-json';
import type { Image, RunConfig } from './types';

export type InspectFormat = 'docker-20.10' | 'docker-25';

const ZERO_TIME = '0001-01-01T00:00:00Z';

/**
 * One element of the array that `docker image inspect` prints.
 * @param size content bytes by Docker's rule, see `layerContentSize`
 */
export function inspectImage(image: Image, size: number, format: InspectFormat = 'docker-25'): Record<string, unknown> {
  const { config } = image;
  const old = format === 'docker-20.10';
  return present({
    Id: image.id,
    RepoTags: image.references.filter((full) => tryReference(full)?.tag !== undefined).map(familiarOf),
    RepoDigests: repoDigests(image),
    Parent: '',
    Comment: textOf(config['comment']) || textOf(config.history?.at(-1)?.comment),
    Created: config.created === undefined ? when(old, ZERO_TIME) : goTime(config.created),
    Container: textOf(config['container']),
    ContainerConfig: dockerConfig(config.container_config ?? {}),
    DockerVersion: textOf(config['docker_version']),
    Author: textOf(config.author),
    Config: config.config ? dockerConfig(config.config) : null,
    Architecture: config.architecture,
    Variant: filledText(config.variant),
    Os: config.os,
    OsVersion: filledText(config['os.version']),
    Size: size,
    VirtualSize: when(old, size),
    GraphDriver: { Data: null, Name: 'lamina' },
    RootFS: present({ Type: 'layers', Layers: filledList(config.rootfs.diff_ids) }),
    Metadata: { LastTagTime: ZERO_TIME },
  });
}

/** Docker's `container.Config` in its order; fields that Go leaves out when empty are left out. */
function dockerConfig(run: RunConfig): Record<string, unknown> {
  return present({
    Hostname: textOf(run['Hostname']),
    Domainname: textOf(run['Domainname']),
    User: textOf(run.User),
    AttachStdin: isTrue(run['AttachStdin']),
    AttachStdout: isTrue(run['AttachStdout']),
    AttachStderr: isTrue(run['AttachStderr']),
    ExposedPorts: filledMap(run.ExposedPorts),
    Tty: isTrue(run['Tty']),
    OpenStdin: isTrue(run['OpenStdin']),
    StdinOnce: isTrue(run['StdinOnce']),
    Env: orNull(run.Env),
    Cmd: orNull(run.Cmd),
    Healthcheck: orAbsent(run.Healthcheck),
    ArgsEscaped: when(isTrue(run['ArgsEscaped']), true),
    Image: textOf(run['Image']),
    Volumes: run.Volumes ? sortedMap(run.Volumes) : null,
    WorkingDir: textOf(run.WorkingDir),
    Entrypoint: orNull(run.Entrypoint),
    NetworkDisabled: when(isTrue(run['NetworkDisabled']), true),
    MacAddress: filledText(run['MacAddress']),
    OnBuild: orNull(run.OnBuild),
    Labels: run.Labels ? sortedMap(run.Labels) : null,
    StopSignal: filledText(run.StopSignal),
    StopTimeout: orAbsent(run['StopTimeout']),
    Shell: filledList(run.Shell),
  });
}

/** Digests by which the image is known in a registry: those its references name. */
function repoDigests(image: Image): string[] {
  return image.references.flatMap((full) => {
    const reference = tryReference(full);
    return reference?.digest === undefined ? [] : [familiarOf(`${reference.name}@${reference.digest}`)];
  });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isTrue(value: unknown): boolean {
  return value === true;
}

function when<T>(condition: boolean, value: T): T | undefined {
  return condition ? value : undefined;
}

function orNull<T>(value: T | undefined): T | null {
  return value ?? null;
}

function orAbsent<T>(value: T | null): T | undefined {
  return value ?? undefined;
}

function filledText(value: unknown): string | undefined {
  return textOf(value) || undefined;
}

function filledList<T>(list: readonly T[] | null | undefined): readonly T[] | undefined {
  return list && list.length > 0 ? list : undefined;
}

function filledMap<T>(map: Readonly<Record<string, T>> | null | undefined): Record<string, T> | undefined {
  return map && Object.keys(map).length > 0 ? sortedMap(map) : undefined;
}

/** Without the fields that are undefined. */
function present(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
