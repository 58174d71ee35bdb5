# Fails when a plural text of the program is missing in a translation, or lies there without one.
# Run with -DSOURCE=<checkout> -DLUPDATE=<program> -DSCRATCH=<folder>.
cmake_minimum_required(VERSION 3.25)
set(fresh ${SCRATCH}/iotman_en.ts)
file(COPY ${SOURCE}/translations/iotman_en.ts DESTINATION ${SCRATCH})
execute_process(COMMAND ${LUPDATE} -silent -I . ui app/desktop core/browser -tr-function-alias tr+=say -ts ${fresh} -pluralonly -no-obsolete -locations none
  WORKING_DIRECTORY ${SOURCE} OUTPUT_QUIET ERROR_QUIET COMMAND_ERROR_IS_FATAL ANY)
file(READ ${fresh} wanted)
string(REGEX MATCHALL "<source>[^<]*</source>([^<]|<comment>[^<]*</comment>)*<translation type=\"unfinished\">" missing "${wanted}")
if(missing)
  list(TRANSFORM missing REPLACE "</source>.*" "")
  list(TRANSFORM missing REPLACE "<source>" "  ")
  list(JOIN missing "\n" lines)
  message(FATAL_ERROR "These have no singular yet; run the target update_translations and write them:\n${lines}")
endif()
file(READ ${SOURCE}/translations/iotman_en.ts there)
if(NOT there STREQUAL wanted)
  message(FATAL_ERROR "translations/iotman_en.ts is not what the sources say; run the target update_translations")
endif()
