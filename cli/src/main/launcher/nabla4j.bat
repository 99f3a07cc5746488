@echo off
rem Starts nabla4j with the vector module on. JAVA_HOME chooses the JVM; NABLA4J_JAVA_OPTS adds options.
setlocal
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"
"%JAVA%" --add-modules jdk.incubator.vector -XX:+IgnoreUnrecognizedVMOptions ^
  -Xlog:disable -Xlog:all=warning:stderr ^
  --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow ^
  %NABLA4J_JAVA_OPTS% -cp "%~dp0..\lib\*" org.nabla4j.cli.Main %*
exit /b %ERRORLEVEL%
