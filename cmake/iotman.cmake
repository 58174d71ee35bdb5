# How this project's libraries and tests are declared.

find_program(IOTMAN_CCACHE ccache)
if(IOTMAN_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Precompiled headers hold the time they were made; ccache is told that this is no difference.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${IOTMAN_CCACHE})
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endif()

if(IOTMAN_SANITIZE)
  add_compile_options(-fsanitize=${IOTMAN_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${IOTMAN_SANITIZE})
endif()

add_library(iotman_options INTERFACE)
target_compile_options(iotman_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wold-style-cast -Wimplicit-fallthrough
  $<$<BOOL:${IOTMAN_WERROR}>:-Werror>)
target_compile_definitions(iotman_options INTERFACE
  QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_KEYWORDS QT_NO_FOREACH QT_USE_QSTRINGBUILDER QT_DISABLE_DEPRECATED_BEFORE=0x060400)
# What newer versions deprecate has no other form yet in the oldest that we build with.
if(Qt6_VERSION VERSION_GREATER_EQUAL 6.5)
  target_compile_definitions(iotman_options INTERFACE QT_WARN_DEPRECATED_UP_TO=0x060400)
endif()
target_include_directories(iotman_options INTERFACE ${CMAKE_SOURCE_DIR})

# A build from nothing compiles each folder in a few large units: a header read once serves sixteen files. After a change
# that is the slower way, so the presets for development leave it off; IOTMAN_APART keeps the folders one works in out of it.
option(IOTMAN_UNITY "Compile the files of a folder together" OFF)
set(IOTMAN_APART "" CACHE STRING "Targets that IOTMAN_UNITY leaves alone, such as iotman_client;iotman_pages")
function(iotman_compile_together target)
  if(IOTMAN_UNITY AND NOT target IN_LIST IOTMAN_APART)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 16)
  endif()
endfunction()

# iotman_library(<folder> SOURCES … [DEPENDS <folder>…] [LINKS <target>…] [PCH <header>…] [QT])
# One static library per folder. DEPENDS names the folders that its files may include: the layering test holds them to it.
function(iotman_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "QT" "" "SOURCES;DEPENDS;LINKS;PCH")
  add_library(iotman_${name} STATIC ${arg_SOURCES})
  target_link_libraries(iotman_${name} PRIVATE iotman_options PUBLIC ${arg_LINKS})
  target_include_directories(iotman_${name} PUBLIC ${CMAKE_SOURCE_DIR})
  foreach(folder ${arg_DEPENDS})
    target_link_libraries(iotman_${name} PUBLIC iotman_${folder})
  endforeach()
  if(arg_QT)
    set_target_properties(iotman_${name} PROPERTIES AUTOMOC ON AUTORCC ON)
  endif()
  iotman_compile_together(iotman_${name})
  if(arg_PCH AND NOT IOTMAN_UNITY)
    target_precompile_headers(iotman_${name} PRIVATE ${arg_PCH})
  endif()
  file(RELATIVE_PATH path ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  string(REPLACE ";" "," depends "${arg_DEPENDS}")
  set_property(GLOBAL APPEND PROPERTY IOTMAN_LAYERS "${path}=${name}:${depends}")
endfunction()

# The precompiled Qt Test header that all tests of Qt-free libraries share. Qt6::Test itself defines the folder of each
# test as a macro, which no precompiled header survives, so its parts are named one by one.
function(iotman_tests_prepare)
  add_library(iotman_qttest INTERFACE)
  target_link_libraries(iotman_qttest INTERFACE Qt6::Core $<TARGET_FILE:Qt6::Test>)
  target_compile_definitions(iotman_qttest INTERFACE QT_TESTLIB_LIB)
  target_include_directories(iotman_qttest SYSTEM INTERFACE $<TARGET_PROPERTY:Qt6::Test,INTERFACE_INCLUDE_DIRECTORIES>)
  file(WRITE ${CMAKE_BINARY_DIR}/testpch.cpp "")
  add_library(iotman_testpch OBJECT ${CMAKE_BINARY_DIR}/testpch.cpp)
  target_link_libraries(iotman_testpch PRIVATE iotman_options iotman_qttest)
  target_compile_definitions(iotman_testpch PRIVATE IOTMAN_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  target_precompile_headers(iotman_testpch PRIVATE <QtTest/QtTest> <algorithm> <map> <memory> <optional> <string> <string_view> <vector>)
endfunction()

# iotman_test(<name> SOURCES … LINKS <folder>… [LIBS <target>…])
# One Qt Test program. It runs headless: on Qt's offscreen platform.
function(iotman_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS;LIBS")
  add_executable(${name} ${arg_SOURCES})
  set_target_properties(${name} PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  target_link_libraries(${name} PRIVATE iotman_options iotman_qttest ${arg_LIBS})
  target_compile_definitions(${name} PRIVATE IOTMAN_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  set(plain TRUE)
  foreach(folder ${arg_LINKS})
    target_link_libraries(${name} PRIVATE iotman_${folder})
    if(folder MATCHES "^(server|client|mirror|lab|ui_.*|command|desktop)$")
      set(plain FALSE)
    endif()
  endforeach()
  if(plain AND NOT arg_LIBS)
    target_precompile_headers(${name} REUSE_FROM iotman_testpch)
    target_compile_options(${name} PRIVATE -fPIC) # as the header was compiled; without it some compilers refuse that
  endif()
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT 300
    ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8;TSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/thread-sanitizer.supp")
endfunction()

# A test that compares every #include of our own with the declared DEPENDS.
function(iotman_layering_test)
  get_property(layers GLOBAL PROPERTY IOTMAN_LAYERS)
  string(REPLACE ";" "\n" layers "${layers}")
  file(WRITE ${CMAKE_BINARY_DIR}/layers.txt "${layers}\n")
  add_test(NAME layering COMMAND ${CMAKE_COMMAND} -DSOURCE=${CMAKE_SOURCE_DIR} -DLAYERS=${CMAKE_BINARY_DIR}/layers.txt
    -P ${CMAKE_SOURCE_DIR}/cmake/layering.cmake)
endfunction()
