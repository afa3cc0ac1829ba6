#!/usr/bin/env node
// Not built, so that npm can link it before anything has been built.
import '../dist/bin.js'
