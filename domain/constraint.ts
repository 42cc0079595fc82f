/**
 * What an event asks of its tenant beyond its own stream. It is written together with the event, all or none, so it follows
 * from the event alone, and the events tell the same as what is reserved and counted.
 */
export type Constraint =
  /** The stream holds this value from now on; nobody else may. */
  | { readonly _tag: 'Claim'; readonly scope: string; readonly value: string }
  /** The stream gives the value up. */
  | { readonly _tag: 'Release'; readonly scope: string; readonly value: string }
  /** The event carries the number that comes next in the sequence. */
  | { readonly _tag: 'Number'; readonly sequence: string; readonly number: number }
