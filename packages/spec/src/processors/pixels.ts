import * as v from 'valibot'

/** The longest side that a processor may be asked for: what JPEG can hold. */
export const longestSide = 65_535

const integer = v.pipe(v.number(), v.integer())

/** A width or a height. */
export const sideSchema = v.pipe(integer, v.minValue(1), v.maxValue(longestSide))

/** A number of pixels from an edge, or none. */
export const offsetSchema = v.pipe(integer, v.minValue(0), v.maxValue(longestSide))

/** A place that may be outside, before the edge. */
export const placeSchema = v.pipe(integer, v.minValue(-longestSide), v.maxValue(longestSide))
