// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.console;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A headless Chromium with an empty profile. It must be installed: a test never passes without. */
final class Browser implements AutoCloseable {

  private final Path profile;
  private final ChromeDriver driver;

  Browser() {
    try {
      profile = Files.createTempDirectory("petrel-chromium-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ChromeOptions options = new ChromeOptions();
    options.setBinary(find("chromium", "chromium-browser", "google-chrome").toString());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--user-data-dir=" + profile);
    LoggingPreferences logging = new LoggingPreferences();
    logging.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logging);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(find("chromedriver").toFile())
            .usingAnyFreePort()
            .build();
    driver = new ChromeDriver(service, options);
  }

  /** The first of these programs that is on the PATH. */
  private static Path find(String... names) {
    String path = System.getenv("PATH");
    for (String name : names) {
      for (String directory : String.valueOf(path).split(File.pathSeparator)) {
        Path program = Path.of(directory, name);
        if (Files.isExecutable(program)) {
          return program;
        }
      }
    }
    throw new IllegalStateException(
        "%s is not on the PATH (%s); this test needs Chromium and its driver, on Debian: apt-get install chromium chromium-driver"
            .formatted(String.join(" or ", names), path));
  }

  void open(String url) {
    driver.get(url);
  }

  /** Sets the size of the page, and whether the system prefers dark. */
  void view(int width, int height, boolean dark) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
  }

  /** The text of the first element that matches, empty when there is none or it is hidden. */
  String text(String selector) {
    List<WebElement> found = driver.findElements(By.cssSelector(selector));
    return found.isEmpty() ? "" : found.get(0).getText();
  }

  boolean isShown(String selector) {
    List<WebElement> found = driver.findElements(By.cssSelector(selector));
    return !found.isEmpty() && found.get(0).isDisplayed();
  }

  int countOf(String selector) {
    return driver.findElements(By.cssSelector(selector)).size();
  }

  void click(String selector) {
    driver.findElement(By.cssSelector(selector)).click();
  }

  /** The result of a script with {@code return}. */
  Object run(String script) {
    return String.valueOf(driver.executeScript(script));
  }

  String url() {
    return String.valueOf(driver.getCurrentUrl());
  }

  /** What scripts and the page's security policy complained about, network failures aside. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(entry -> entry.getMessage())
        .filter(message -> !message.contains("Failed to load resource"))
        .toList();
  }

  /** Keeps a picture for people beside the test's report. */
  void screenshot(String name) {
    try {
      Path directory = Files.createDirectories(Path.of("target", "screenshots"));
      Files.write(directory.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    driver.quit();
    try (Stream<Path> files = Files.walk(profile)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException | UncheckedIOException e) {
      // Chromium's last files; the system clears them.
    }
  }
}
