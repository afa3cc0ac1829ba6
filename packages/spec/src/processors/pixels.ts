import * as v from 'valibot'

/** The longest side that a processor may be asked for: what JPEG can hold. */
export const longestSide = 65_535

const integer = v.pipe(v.number(), v.integer())

const sideSchema = v.pipe(integer, v.minValue(1), v.maxValue(longestSide))

/** A width that a processor may be asked for. */
export const widthSchema = v.pipe(sideSchema, v.description('Width in pixels'))

/** A height that a processor may be asked for. */
export const heightSchema = v.pipe(sideSchema, v.description('Height in pixels'))

/** A number of pixels from an edge, or none. */
export const offsetSchema = v.pipe(integer, v.minValue(0), v.maxValue(longestSide))

/** A place that may be outside, before the edge. */
export const placeSchema = v.pipe(integer, v.minValue(-longestSide), v.maxValue(longestSide))
