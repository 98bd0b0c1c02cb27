// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.console;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.file.FileService;
import com.linecorp.armeria.server.file.HttpFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The static part: pages, scripts, styles, and Chart.js from its WebJar. */
final class Pages {

  private static final String ROOT = "/console/";
  private static final String CHART_JS = "chart.js/4.5.1/dist/chart.umd.min.js";
  private static final String REVALIDATE = "no-cache";

  private final byte[] incident = read("incident.html");

  void addTo(ServerBuilder builder) {
    ClassLoader loader = Pages.class.getClassLoader();
    builder
        .route()
        .get("/")
        .build(file(loader, "index.html"))
        .route()
        .get("/favicon.ico")
        .build(file(loader, "assets/logo.svg"))
        .route()
        .get("/webjars/" + CHART_JS)
        .build(
            HttpFile.builder(loader, "/META-INF/resources/webjars/" + CHART_JS)
                .cacheControl("public, max-age=31536000, immutable")
                .build()
                .asService())
        .serviceUnder(
            "/assets/",
            FileService.builder(loader, ROOT + "assets").cacheControl(REVALIDATE).build());
  }

  private static com.linecorp.armeria.server.HttpService file(ClassLoader loader, String name) {
    return HttpFile.builder(loader, ROOT + name).cacheControl(REVALIDATE).build().asService();
  }

  /** The page of an incident; it finds out for itself what there is to show. */
  HttpResponse incident(HttpStatus status) {
    return html(status, incident);
  }

  private static HttpResponse html(HttpStatus status, byte[] page) {
    return HttpResponse.of(
        ResponseHeaders.of(
            status,
            HttpHeaderNames.CONTENT_TYPE,
            MediaType.HTML_UTF_8,
            HttpHeaderNames.CACHE_CONTROL,
            REVALIDATE),
        HttpData.wrap(page));
  }

  private static byte[] read(String name) {
    try (InputStream in = Pages.class.getResourceAsStream(ROOT + name)) {
      if (in == null) {
        throw new IllegalStateException("not on the class path: " + ROOT + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
