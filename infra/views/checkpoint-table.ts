/** Where a projection keeps its checkpoints; 0005_checkpoints_by_projection.sql makes the table. A plain identifier. */
export const checkpointTableOf = (projection: string): string => {
  if (!/^[a-z][a-z0-9-]{0,40}$/.test(projection)) throw new TypeError(`${projection} is no name of a projection`)
  return `${projection.replaceAll('-', '_')}_checkpoints`
}
