/** What tests and benches outside this package start of it; the program itself is main.ts. */
export { execInContainer, inspectContainer, listContainers, listNetworks, listVolumes, openEngine, purgeInstance, removeContainer, startContainer } from './engine/index.ts';
export { createProxy, spawnHaproxy } from './proxy/index.ts';
export { dataTransitions, jobTransitions, previewTransitions, transitions } from './store/index.ts';
