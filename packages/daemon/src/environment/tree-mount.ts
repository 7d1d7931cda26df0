/** Where a container sees the working tree. */
export const treeMount = '/work';
