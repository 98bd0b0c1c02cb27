// SPDX-License-Identifier: Apache-2.0
/** The hook for OkHttp, and so for the SDKs that let an application add an interceptor. */
@NullMarked
package dev.petrel.okhttp;

import org.jspecify.annotations.NullMarked;
