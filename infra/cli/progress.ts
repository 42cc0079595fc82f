import { Presets, SingleBar } from 'cli-progress'

/** Tells a person how far a long job is. */
export type Progress = {
  /** `total`: `null` when it is not known. */
  readonly begin: (unit: string, total: number | null) => void
  /** So many more are done; default 1. */
  readonly advance: (by?: number) => void
  /** May be called again. */
  readonly end: () => void
}

const LINE_EVERY_MS = 5_000

const bars = (stream: NodeJS.WriteStream): Progress => {
  let bar: SingleBar | undefined
  return {
    begin: (unit, total) => {
      const format = total === null ? `{value} ${unit}` : `{bar} {value} of {total} ${unit}, {eta_formatted} to go`
      bar = new SingleBar({ stream, format, clearOnComplete: true, hideCursor: true }, Presets.shades_classic)
      bar.start(total ?? 0, 0)
    },
    advance: (by = 1) => bar?.increment(by),
    end: () => {
      bar?.stop()
      bar = undefined
    },
  }
}

const lines = (stream: NodeJS.WriteStream): Progress => {
  let done = 0
  let timer: NodeJS.Timeout | undefined
  return {
    begin: (unit, total) => {
      done = 0
      const outOf = total === null ? '' : ` of ${total}`
      timer = setInterval(() => stream.write(`${done}${outOf} ${unit}\n`), LINE_EVERY_MS)
    },
    advance: (by = 1) => {
      done += by
    },
    end: () => clearInterval(timer),
  }
}

/** A bar on a terminal, otherwise a line every few seconds. */
export const progressOn = (stream: NodeJS.WriteStream): Progress => (stream.isTTY ? bars(stream) : lines(stream))
