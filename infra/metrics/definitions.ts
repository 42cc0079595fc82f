import type { MetricDefinition } from './definition.ts'

/** Every metric of the core. Those of commerce are in business.ts. */
export const METRICS = {
  requests: {
    name: 'Requests',
    unit: 'Count',
    kind: 'counter',
    dimensions: ['Operation', 'StatusClass'],
    rollups: [['StatusClass'], []],
    description:
      'HTTP requests by operation id and class of status (2xx, 3xx, 4xx, 5xx); a path of no operation counts as "none".',
  },
  requestDuration: {
    name: 'RequestDuration',
    unit: 'Milliseconds',
    kind: 'histogram',
    dimensions: ['Operation'],
    rollups: [[]],
    description: 'From the arrival of an HTTP request to its answer.',
  },
  commands: {
    name: 'Commands',
    unit: 'Count',
    kind: 'counter',
    dimensions: ['Command', 'Outcome'],
    rollups: [['Outcome']],
    description:
      'Commands by operation id and outcome: executed, replayed (applied before), rejected (by the domain or a limit), conflict (others were faster), fault.',
  },
  appendDuration: {
    name: 'AppendDuration',
    unit: 'Milliseconds',
    kind: 'histogram',
    dimensions: [],
    rollups: [],
    description: 'One append to the event store, its retries included, however it ended.',
  },
  appendConflicts: {
    name: 'AppendConflicts',
    unit: 'Count',
    kind: 'counter',
    dimensions: ['StreamType'],
    rollups: [[]],
    description:
      'Appends that found another commit, reservation or number in their place; most are decided anew and succeed.',
  },
  dependencyFaults: {
    name: 'DependencyFaults',
    unit: 'Count',
    kind: 'counter',
    dimensions: ['Dependency'],
    rollups: [[]],
    description:
      'Calls that failed because an engine was away, refused or broke, after all retries: event-store, postgres, search.',
  },
  projectionBatches: {
    name: 'ProjectionBatches',
    unit: 'Count',
    kind: 'counter',
    dimensions: ['Projection', 'Outcome'],
    rollups: [['Outcome']],
    description: 'Batches of a feed that reached a projection, by outcome: applied, failed (they come again).',
  },
  projectionDuration: {
    name: 'ProjectionDuration',
    unit: 'Milliseconds',
    kind: 'histogram',
    dimensions: ['Projection'],
    rollups: [],
    description: 'One batch of a feed in one projection.',
  },
  projectionLag: {
    name: 'ProjectionLag',
    unit: 'Milliseconds',
    kind: 'histogram',
    dimensions: ['Projection'],
    rollups: [],
    description: 'Age of the oldest commit of a batch when its projection held it; nothing where nothing is written.',
  },
  streamsParked: {
    name: 'StreamsParked',
    unit: 'Count',
    kind: 'counter',
    dimensions: ['Projection'],
    rollups: [[]],
    description: 'Streams that a projection gave up at a commit it cannot take. More than none wants a person.',
  },
  parkedStreams: {
    name: 'ParkedStreams',
    unit: 'Count',
    kind: 'gauge',
    dimensions: ['Projection'],
    rollups: [],
    description: 'Streams that are parked at present.',
  },
  feedLag: {
    name: 'FeedLag',
    unit: 'Milliseconds',
    kind: 'gauge',
    dimensions: ['Projection'],
    rollups: [],
    description:
      'Age of the oldest record that waits for a projection, as `daybook status` has it. On AWS that is IteratorAge.',
  },
  feedWaiting: {
    name: 'FeedWaiting',
    unit: 'Count',
    kind: 'gauge',
    dimensions: ['Projection'],
    rollups: [],
    description: 'Records that wait for a projection, as far as they are known.',
  },
  rebuildProgress: {
    name: 'RebuildProgress',
    unit: 'Percent',
    kind: 'gauge',
    dimensions: ['Projection'],
    rollups: [],
    description: 'How much of the event table a rebuild has read; nothing where none is under way.',
  },
  givenUpBatches: {
    name: 'GivenUpBatches',
    unit: 'Count',
    kind: 'counter',
    dimensions: ['Outcome'],
    rollups: [],
    description:
      'Batches that a feed gave up and that were tried once more, by outcome: redriven (taken or parked), kept (neither; again at the next run).',
  },
  trailSealings: {
    name: 'TrailSealings',
    unit: 'Count',
    kind: 'counter',
    dimensions: ['Outcome'],
    rollups: [],
    description:
      "Runs over a tenant's trail by outcome: sealed (what was over; mostly nothing), failed (again at the next run).",
  },
  integrationEvents: {
    name: 'IntegrationEvents',
    unit: 'Count',
    kind: 'counter',
    dimensions: ['Outcome'],
    rollups: [],
    description:
      'Events for other systems by outcome: published, refused (nobody will ever get it: too large, or unreadable), failed (it comes again).',
  },
  processSteps: {
    name: 'ProcessSteps',
    unit: 'Count',
    kind: 'counter',
    dimensions: ['Process', 'Outcome'],
    rollups: [['Outcome']],
    description:
      'Steps of processes that were due, by outcome: done, moot (nothing was left to do), later (others were in the way), refused (set aside, and wants a person), failed (an engine was away; it stays due).',
  },
} as const satisfies { readonly [name: string]: MetricDefinition }
